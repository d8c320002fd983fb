//! One function per scenario; each gets the bench and panics when the engine does not behave.

use std::{
    future::Future,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use serde_json::{json, Value};
use tokio::time::sleep;

use crate::{
    client::{handler, Client, Failure},
    http::{fetch, Response},
    state, Bench,
};

type Detail = Option<String>;
type Shared<T> = Arc<Mutex<T>>;

const SHORT: Duration = Duration::from_secs(2);
pub const LONG: Duration = Duration::from_secs(20);

pub async fn scenario(name: String, bench: Arc<Bench>) -> Detail {
    let b = &*bench;
    match name.as_str() {
        "call" => call(b).await,
        "call_between" => call_between(b).await,
        "scalars" => scalars(b).await,
        "void" => void(b).await,
        "handler_error" => handler_error(b).await,
        "own_code" => own_code(b).await,
        "not_found" => return not_found(b).await,
        "caller_timeout" => caller_timeout(b).await,
        "metadata" => metadata(b).await,
        "large_payload" => large_payload(b).await,
        "unicode" => unicode(b).await,
        "channel_bytes" => channel_bytes(b).await,
        "channel_text" => channel_text(b).await,
        "http_get" => http_get(b).await,
        "http_post" => http_post(b).await,
        "http_error" => http_error(b).await,
        "http_stream" => http_stream(b).await,
        "http_upload" => http_upload(b).await,
        "trigger_metadata" => trigger_metadata(b).await,
        "trigger_type" => drop(trigger_type(b, "").await),
        "trigger_type_unregister" => trigger_type_unregister(b).await,
        "trigger_parked" => trigger_parked(b).await,
        "functions_available" => functions_available(b).await,
        "list_functions" => list_functions(b).await,
        "list_workers" => list_workers(b).await,
        "list_triggers" => list_triggers(b).await,
        "state" => state::state(b).await,
        "state_update" => state::state_update(b).await,
        "state_trigger" => state::state_trigger(b).await,
        "stream" => state::stream(b).await,
        "stream_trigger" => state::stream_trigger(b).await,
        "stream_served" => state::stream_served(b).await,
        "unregister" => unregister(b).await,
        "socket_loss" => socket_loss(b).await,
        "restart" => return restart(b).await,
        "http_after_restart" => http_after_restart(b).await,
        _ => panic!("this driver has no such scenario"),
    }
    None
}

/// Repeats `attempt` until it gives a value; after `limit` the last error is the panic.
async fn eventually<T, E: std::fmt::Debug, F, Fut>(limit: Duration, attempt: F) -> T
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let end = Instant::now() + limit;
    loop {
        match attempt().await {
            Ok(value) => return value,
            Err(error) if Instant::now() > end => panic!("{error:?}"),
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

pub async fn until(limit: Duration, what: &str, holds: impl Fn() -> bool) {
    eventually(limit, || async { holds().then_some(()).ok_or(what) }).await
}

/// Waits until a function just registered can be called from another connection.
pub async fn ready(client: &dyn Client, id: &str, payload: Value) -> Value {
    eventually(LONG, || client.call(id, payload.clone(), SHORT, None)).await
}

/// Waits until a function that should not be called yet is known.
async fn listed(client: &dyn Client, id: &str) {
    eventually(LONG, || async move {
        let rows = client.call("engine::functions::list", json!({}), SHORT, None).await?;
        let known = rows["functions"].as_array().is_some_and(|rows| rows.iter().any(|r| r["function_id"] == id));
        known.then_some(()).ok_or(Failure::new("unlisted", id))
    })
    .await
}

async fn fetch_when_routed(b: &Bench, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    eventually(LONG, || async move {
        let response = fetch(&b.http_url, method, path, headers, body).await?;
        if response.status == 404 {
            return Err(format!("404 {path}"));
        }
        Ok(response)
    })
    .await
}

fn json_of(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap_or_else(|e| panic!("{e}: {response:?}"))
}

/// Bytes that look random and need no library.
fn noise(size: usize) -> Vec<u8> {
    let mut x = 0x2545_f491_4f6c_dd1d_u64;
    (0..size)
        .map(|_| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            x as u8
        })
        .collect()
}

fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3))
}

async fn call(b: &Bench) {
    b.a.register(&b.id("self"), None, handler(|data, _| async move { Ok(json!({"got": data["n"]})) }));
    assert_eq!(ready(&*b.a, &b.id("self"), json!({"n": 7})).await, json!({"got": 7}));
}

async fn call_between(b: &Bench) {
    let add = handler(|data, _| async move {
        let keys: Vec<_> = data.as_object().map(|o| o.keys().cloned().collect()).unwrap_or_default();
        Ok(json!({"sum": data["x"].as_i64().unwrap_or(0) + data["y"].as_i64().unwrap_or(0), "keys": keys}))
    });
    b.a.register(&b.id("add"), None, add);
    let result = ready(&*b.b, &b.id("add"), json!({"x": 2, "y": 40})).await;
    assert_eq!(result["sum"], 42);
    assert_eq!(result["keys"].as_array().map(Vec::len), Some(3), "{result}");
    let calls: Vec<_> = (0..64)
        .map(|i| {
            let (client, id) = (b.b.clone(), b.id("add"));
            tokio::spawn(async move { client.call(&id, json!({"x": i, "y": 1}), LONG, None).await })
        })
        .collect();
    for (i, call) in calls.into_iter().enumerate() {
        assert_eq!(call.await.unwrap().unwrap()["sum"], i + 1);
    }
}

async fn scalars(b: &Bench) {
    b.a.register(&b.id("mirror"), None, handler(|data, _| async move { Ok(data) }));
    ready(&*b.b, &b.id("mirror"), json!("up")).await;
    for value in [
        json!("text"),
        json!(""),
        json!(0),
        json!(-1.5),
        json!(true),
        json!([]),
        json!([1, [2, null]]),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(null),
    ] {
        assert_eq!(b.b.call(&b.id("mirror"), value.clone(), LONG, None).await.unwrap(), value);
    }
}

async fn void(b: &Bench) {
    let seen: Shared<Vec<i64>> = Arc::default();
    let log = seen.clone();
    let note = handler(move |data, _| {
        log.lock().unwrap().push(data["n"].as_i64().unwrap_or(0));
        async { Ok(Value::Null) }
    });
    b.a.register(&b.id("note"), None, note);
    ready(&*b.b, &b.id("note"), json!({"n": 0})).await;
    b.b.fire(&b.id("note"), json!({"n": 1})).await;
    b.b.fire(&b.id("nobody"), json!({"n": 2})).await;
    b.b.fire(&b.id("note"), json!({"n": 3})).await;
    let both = || {
        let mut fired: Vec<_> = seen.lock().unwrap().iter().copied().filter(|n| *n > 0).collect();
        fired.sort();
        fired == [1, 3]
    };
    until(LONG, "both void calls arrive", both).await;
    sleep(Duration::from_millis(200)).await;
    assert!(both(), "each void call runs once");
}

async fn handler_error(b: &Bench) {
    let boom = handler(|data, _| async move {
        if data["fail"] == true {
            return Err(Failure::new("", "boom is the message"));
        }
        Ok(json!("fine"))
    });
    b.a.register(&b.id("boom"), None, boom);
    ready(&*b.b, &b.id("boom"), json!({})).await;
    let error = b.b.call(&b.id("boom"), json!({"fail": true}), LONG, None).await.unwrap_err();
    assert_eq!(error.code, "invocation_failed");
    assert!(error.message.contains("boom is the message"), "{error:?}");
    assert_eq!(b.b.call(&b.id("boom"), json!({}), LONG, None).await.unwrap(), "fine");
}

async fn own_code(b: &Bench) {
    let broke = handler(|_, _| async { Err(Failure::new("out_of_stock", "nothing left")) });
    b.a.register(&b.id("broke"), None, broke);
    listed(&*b.b, &b.id("broke")).await;
    let error = b.b.call(&b.id("broke"), json!({}), LONG, None).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.message.as_str()), ("out_of_stock", "nothing left"));
}

async fn not_found(b: &Bench) -> Detail {
    let error = b.b.call(&b.id("missing"), json!({}), LONG, None).await.unwrap_err();
    assert_eq!(error.code, "function_not_found");
    assert!(error.message.contains(&b.id("missing")), "{error:?}");
    Some(error.message)
}

async fn caller_timeout(b: &Bench) {
    let slow = handler(|data, _| async move {
        sleep(Duration::from_millis(data["ms"].as_u64().unwrap_or(0))).await;
        Ok(json!("late"))
    });
    b.a.register(&b.id("slow"), None, slow);
    ready(&*b.b, &b.id("slow"), json!({})).await;
    let began = Instant::now();
    let error = b.b.call(&b.id("slow"), json!({"ms": 3000}), Duration::from_millis(300), None).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_millis(2800), "the caller gave up by itself");
    assert_eq!(error.code, "timeout");
    sleep(Duration::from_millis(3000)).await;
    assert_eq!(b.b.call(&b.id("slow"), json!({}), LONG, None).await.unwrap(), "late");
}

async fn metadata(b: &Bench) {
    let meta = handler(|data, metadata| async move { Ok(json!({"n": data["n"], "metadata": metadata})) });
    b.a.register(&b.id("meta"), None, meta);
    listed(&*b.b, &b.id("meta")).await;
    let sent = json!({"tenant": "acme", "deep": {"list": [1, "zwei", null]}});
    let with = b.b.call(&b.id("meta"), json!({"n": 1}), LONG, Some(sent.clone())).await.unwrap();
    assert_eq!(with, json!({"n": 1, "metadata": sent}));
    let without = b.b.call(&b.id("meta"), json!({"n": 2}), LONG, None).await.unwrap();
    assert_eq!(without, json!({"n": 2, "metadata": null}));
}

async fn large_payload(b: &Bench) {
    let large = handler(|data, _| async move { Ok(json!({"text": data["text"]})) });
    b.a.register(&b.id("large"), None, large);
    ready(&*b.b, &b.id("large"), json!({"text": ""})).await;
    let text: String = noise(8 * 1024 * 1024).into_iter().map(|byte| char::from(b'a' + byte % 26)).collect();
    let result = b.b.call(&b.id("large"), json!({"text": text}), LONG, None).await.unwrap();
    assert!(result["text"] == text, "8 MiB come back unchanged");
}

async fn unicode(b: &Bench) {
    let name = b.id("grüße (größe) / 世界 ✨");
    b.a.register(&name, None, handler(|data, _| async move { Ok(data) }));
    let text = "naïve 𝄞 👩‍👩‍👧 \u{0} \u{2028} \"quoted\" \\ \n\t </script> עברית";
    let result = ready(&*b.b, &name, json!({text: text, "list": [text, ""]})).await;
    assert_eq!(result[text], text);
    assert_eq!(result["list"], json!([text, ""]));
}

async fn channel_bytes(b: &Bench) {
    let a = b.a.clone();
    let upper = handler(move |data, _| {
        let (reader, writer) = (a.reader(&data["input"]), a.writer(&data["output"]));
        async move {
            let bytes = reader.read_all().await;
            writer.write(&bytes).await;
            writer.close().await;
            Ok(json!({"size": bytes.len(), "sum": sum(&bytes)}))
        }
    });
    b.a.register(&b.id("upper"), None, upper);
    listed(&*b.b, &b.id("upper")).await;
    let bytes = noise(3 * 1024 * 1024 + 17);
    let (there, back) = (b.b.channel().await, b.b.channel().await);
    let returned = tokio::spawn(async move { back.reader.read_all().await });
    let (client, id) = (b.b.clone(), b.id("upper"));
    let payload = json!({"input": there.reader_ref, "output": back.writer_ref});
    let call = tokio::spawn(async move { client.call(&id, payload, LONG, None).await });
    there.writer.write(&bytes).await;
    there.writer.close().await;
    assert_eq!(call.await.unwrap().unwrap(), json!({"size": bytes.len(), "sum": sum(&bytes)}));
    assert!(returned.await.unwrap() == bytes, "all bytes come back");
}

async fn channel_text(b: &Bench) {
    let a = b.a.clone();
    let chatty = handler(move |data, _| {
        let out = a.writer(&data["out"]);
        async move {
            for i in 0..20 {
                out.send(&json!({"i": i, "text": "grüße ✨"}).to_string()).await;
            }
            out.close().await;
            Ok(Value::Null)
        }
    });
    b.a.register(&b.id("chatty"), None, chatty);
    listed(&*b.b, &b.id("chatty")).await;
    let channel = b.b.channel().await;
    let messages: Shared<Vec<Value>> = Arc::default();
    let log = messages.clone();
    channel
        .reader
        .on_message(Box::new(move |text| log.lock().unwrap().push(serde_json::from_str(&text).unwrap())))
        .await;
    let reader = channel.reader;
    let reading = tokio::spawn(async move { reader.read_all().await });
    b.b.call(&b.id("chatty"), json!({"out": channel.writer_ref}), LONG, None).await.unwrap();
    tokio::time::timeout(LONG, reading).await.expect("the reader sees the end").unwrap();
    let messages = messages.lock().unwrap();
    let order: Vec<_> = messages.iter().map(|m| m["i"].as_i64().unwrap()).collect();
    assert_eq!(order, (0..20).collect::<Vec<_>>());
    assert_eq!(messages[0]["text"], "grüße ✨");
}

async fn http_get(b: &Bench) {
    let get = handler(|req, _| async move {
        let (id, q) = (&req["path_params"]["id"], &req["query_params"]["q"]);
        let body = json!({"id": id, "q": q, "agent": req["headers"]["x-agent"], "method": req["method"]});
        Ok(json!({"status_code": 201, "headers": {"x-made-by": "rust"}, "body": body}))
    });
    b.a.register(&b.id("http_get"), None, get);
    let config = json!({"api_path": format!("{}/items/:id", b.name), "http_method": "GET"});
    b.a.bind("http", &b.id("http_get"), config, None);
    let path = format!("/{}/items/a42?q=hello+w%C3%B6rld", b.name);
    let response = fetch_when_routed(b, "GET", &path, &[("X-Agent", "suite")], b"").await;
    assert_eq!(response.status, 201, "{response:?}");
    assert_eq!(response.header("x-made-by"), Some("rust"));
    assert_eq!(json_of(&response), json!({"id": "a42", "q": "hello wörld", "agent": "suite", "method": "GET"}));
}

async fn http_post(b: &Bench) {
    let post = handler(|req, _| async move {
        Ok(json!({"status_code": 200, "body": {"name": req["body"]["name"], "list": req["body"]["list"]}}))
    });
    b.a.register(&b.id("http_post"), None, post);
    b.a.bind(
        "http",
        &b.id("http_post"),
        json!({"api_path": format!("/{}/posts", b.name), "http_method": "POST"}),
        None,
    );
    let sent = json!({"name": "Zoë", "list": [1, null, "x"]});
    let headers = [("content-type", "application/json")];
    let response =
        fetch_when_routed(b, "POST", &format!("/{}/posts", b.name), &headers, sent.to_string().as_bytes()).await;
    assert_eq!(response.status, 200, "{response:?}");
    assert_eq!(json_of(&response), sent);
}

async fn http_error(b: &Bench) {
    b.a.register(&b.id("http_error"), None, handler(|_, _| async { Err(Failure::new("", "broken on purpose")) }));
    b.a.bind(
        "http",
        &b.id("http_error"),
        json!({"api_path": format!("{}/broken", b.name), "http_method": "GET"}),
        None,
    );
    let response = fetch_when_routed(b, "GET", &format!("/{}/broken", b.name), &[], b"").await;
    assert_eq!(response.status, 500, "{response:?}");
    assert_eq!(json_of(&response)["error"]["code"], "invocation_failed");
}

async fn http_stream(b: &Bench) {
    let a = b.a.clone();
    let ticks = handler(move |req, _| {
        let out = a.writer(&req["response"]);
        async move {
            out.send(&json!({"type": "set_status", "status_code": 206}).to_string()).await;
            let headers = json!({"content-type": "text/event-stream", "x-stream": "yes"});
            out.send(&json!({"type": "set_headers", "headers": headers}).to_string()).await;
            for i in 0..4 {
                out.write(format!("data: tick {i}\n\n").as_bytes()).await;
                sleep(Duration::from_millis(50)).await;
            }
            out.close().await;
            Ok(Value::Null)
        }
    });
    b.a.register(&b.id("http_stream"), None, ticks);
    b.a.bind(
        "http",
        &b.id("http_stream"),
        json!({"api_path": format!("{}/ticks", b.name), "http_method": "GET"}),
        None,
    );
    let response = fetch_when_routed(b, "GET", &format!("/{}/ticks", b.name), &[], b"").await;
    assert_eq!((response.status, response.header("x-stream")), (206, Some("yes")), "{response:?}");
    let expected: String = (0..4).map(|i| format!("data: tick {i}\n\n")).collect();
    assert_eq!(String::from_utf8_lossy(&response.body), expected);
}

async fn http_upload(b: &Bench) {
    let a = b.a.clone();
    let upload = handler(move |req, _| {
        let input = a.reader(&req["request_body"]);
        async move {
            let bytes = input.read_all().await;
            Ok(json!({"status_code": 200, "body": {"size": bytes.len(), "sum": sum(&bytes).to_string()}}))
        }
    });
    b.a.register(&b.id("http_upload"), None, upload);
    b.a.bind(
        "http",
        &b.id("http_upload"),
        json!({"api_path": format!("{}/upload", b.name), "http_method": "POST"}),
        None,
    );
    let bytes = noise(2 * 1024 * 1024 + 5);
    let headers = [("content-type", "application/octet-stream")];
    let response = fetch_when_routed(b, "POST", &format!("/{}/upload", b.name), &headers, &bytes).await;
    assert_eq!(json_of(&response), json!({"size": bytes.len(), "sum": sum(&bytes).to_string()}));
}

async fn trigger_metadata(b: &Bench) {
    let tagged = handler(|_, metadata| async move { Ok(json!({"status_code": 200, "body": {"metadata": metadata}})) });
    b.a.register(&b.id("tagged"), None, tagged);
    let config = json!({"api_path": format!("{}/tagged", b.name), "http_method": "GET"});
    b.a.bind("http", &b.id("tagged"), config, Some(json!({"team": "a"})));
    let response = fetch_when_routed(b, "GET", &format!("/{}/tagged", b.name), &[], b"").await;
    assert_eq!(json_of(&response), json!({"metadata": {"team": "a"}}));
}

type Bindings = Shared<Vec<(String, String, Value)>>;

fn provide(client: &dyn Client, id: &str) -> Bindings {
    let bindings: Bindings = Arc::default();
    let (add, remove) = (bindings.clone(), bindings.clone());
    client.trigger_type(
        id,
        Arc::new(move |id, function_id, config| add.lock().unwrap().push((id, function_id, config))),
        Arc::new(move |id| remove.lock().unwrap().retain(|b| b.0 != id)),
    );
    bindings
}

async fn trigger_type(b: &Bench, prefix: &str) -> Bindings {
    let (bell, on_bell) = (b.id(&format!("{prefix}bell")), b.id(&format!("{prefix}on_bell")));
    let bindings = provide(&*b.a, &bell);
    let rung: Shared<Vec<Value>> = Arc::default();
    let log = rung.clone();
    let listener = handler(move |data, _| {
        log.lock().unwrap().push(data["tone"].clone());
        async { Ok(Value::Null) }
    });
    b.b.register(&on_bell, None, listener);
    let unbind = b.b.bind(&bell, &on_bell, json!({"tone": "c♯"}), None);
    until(LONG, "the provider gets the trigger", || bindings.lock().unwrap().len() == 1).await;
    let (_, function_id, config) = bindings.lock().unwrap()[0].clone();
    assert_eq!((function_id.as_str(), &config), (on_bell.as_str(), &json!({"tone": "c♯"})));
    ready(&*b.a, &function_id, config).await;
    assert!(rung.lock().unwrap().contains(&json!("c♯")));
    unbind.undo();
    bindings
}

async fn trigger_type_unregister(b: &Bench) {
    let bindings = trigger_type(b, "un_").await;
    until(LONG, "the provider loses the trigger", || bindings.lock().unwrap().is_empty()).await;
}

async fn trigger_parked(b: &Bench) {
    b.b.register(&b.id("on_late"), None, handler(|_, _| async { Ok(Value::Null) }));
    b.b.bind(&b.id("late_type"), &b.id("on_late"), json!({"early": true}), None);
    sleep(Duration::from_millis(300)).await;
    let bindings = provide(&*b.a, &b.id("late_type"));
    until(LONG, "the parked trigger comes", || bindings.lock().unwrap().iter().any(|t| t.2 == json!({"early": true})))
        .await;
}

async fn functions_available(b: &Bench) {
    let lists: Shared<Vec<Vec<String>>> = Arc::default();
    let log = lists.clone();
    if !b.b.on_functions(Arc::new(move |ids| log.lock().unwrap().push(ids))) {
        let log = lists.clone();
        let changed = handler(move |data, _| {
            let rows = data["functions"].as_array().cloned().unwrap_or_default();
            log.lock().unwrap().push(rows.iter().filter_map(|r| r["function_id"].as_str().map(String::from)).collect());
            async { Ok(Value::Null) }
        });
        b.b.register(&b.id("on_functions"), None, changed);
        b.b.bind("engine::functions-available", &b.id("on_functions"), json!({}), None);
    }
    sleep(Duration::from_millis(500)).await;
    b.a.register(&b.id("newcomer"), None, handler(|_, _| async { Ok(Value::Null) }));
    let newcomer = b.id("newcomer");
    until(LONG, "the newcomer is announced", || lists.lock().unwrap().iter().any(|ids| ids.contains(&newcomer))).await;
}

async fn list_functions(b: &Bench) {
    let id = b.id("listed");
    b.a.register(&id, Some("Listed for the suite"), handler(|_, _| async { Ok(Value::Null) }));
    listed(&*b.b, &id).await;
    let rows = b.b.call("engine::functions::list", json!({}), LONG, None).await.unwrap();
    let row = rows["functions"].as_array().unwrap().iter().find(|r| r["function_id"] == *id).unwrap();
    assert_eq!(row["description"], "Listed for the suite");
    assert!(b.legacy_lists || row["namespace"] == "default", "{row}");
    if let Some((functions, _)) = b.b.typed_lists().await {
        assert!(functions.contains(&id));
    }
}

async fn list_workers(b: &Bench) {
    let name = format!("{}-a", b.name);
    let rows = b.b.call("engine::workers::list", json!({}), LONG, None).await.unwrap();
    let rows = rows["workers"].as_array().unwrap();
    assert!(rows.iter().any(|r| r["runtime"] == "engine"), "rows of the engine");
    let own = rows.iter().find(|r| r["name"] == *name).unwrap_or_else(|| panic!("no row for {name}: {rows:?}"));
    assert_eq!((own["runtime"].as_str(), own["status"].as_str()), (Some("rust"), Some("connected")));
    if let Some((_, workers)) = b.b.typed_lists().await {
        assert!(workers.contains(&name));
    }
}

async fn list_triggers(b: &Bench) {
    let path = format!("{}/listed", b.name);
    b.a.bind("http", &b.id("self"), json!({"api_path": path, "http_method": "GET"}), None);
    let (list, key, filter) = if b.legacy_lists {
        ("engine::triggers::list", "triggers", json!({}))
    } else {
        ("engine::registered-triggers::list", "registered_triggers", json!({"function_id": b.id("self")}))
    };
    eventually(LONG, || async {
        let rows = b.b.call(list, filter.clone(), SHORT, None).await?;
        let rows = rows[key].as_array().cloned().unwrap_or_default();
        let found = rows.iter().any(|r| r["config"]["api_path"] == path && r["trigger_type"] == "http");
        found.then_some(()).ok_or(Failure::new("unlisted", format!("{rows:?}")))
    })
    .await;
}

async fn unregister(b: &Bench) {
    let brief = handler(|_, _| async { Ok(json!({"status_code": 200, "body": "here"})) });
    let forget = b.a.register(&b.id("brief"), None, brief);
    let path = format!("/{}/brief", b.name);
    let unbind = b.a.bind("http", &b.id("brief"), json!({"api_path": path, "http_method": "GET"}), None);
    assert_eq!(fetch_when_routed(b, "GET", &path, &[], b"").await.status, 200);
    unbind.undo();
    eventually(LONG, || async {
        let status = fetch(&b.http_url, "GET", &path, &[], b"").await?.status;
        if status == 404 {
            Ok(())
        } else {
            Err(format!("still {status}"))
        }
    })
    .await;
    let Some(forget) = forget else { return };
    ready(&*b.b, &b.id("brief"), json!({})).await;
    forget.undo();
    eventually(LONG, || async {
        match b.b.call(&b.id("brief"), json!({}), SHORT, None).await {
            Err(error) if error.code == "function_not_found" => Ok(()),
            other => Err(other),
        }
    })
    .await;
}

async fn socket_loss(b: &Bench) {
    let c = (b.open)(b.proxy_url.clone(), format!("{}-c", b.name)).await;
    let hanging: Shared<u32> = Arc::default();
    let count = hanging.clone();
    let fragile = handler(move |data, _| {
        let hang = data["hang"] == true;
        if hang {
            *count.lock().unwrap() += 1;
        }
        async move {
            if hang {
                sleep(Duration::from_secs(60)).await;
            }
            Ok(json!("alive"))
        }
    });
    c.register(&b.id("fragile"), None, fragile);
    ready(&*b.b, &b.id("fragile"), json!({})).await;
    let (client, id) = (b.b.clone(), b.id("fragile"));
    let lost = tokio::spawn(async move { client.call(&id, json!({"hang": true}), LONG, None).await });
    until(LONG, "the call starts", || *hanging.lock().unwrap() == 1).await;
    b.harness("cut").await;
    assert_eq!(lost.await.unwrap().unwrap_err().code, "invocation_stopped");
    assert_eq!(ready(&*b.b, &b.id("fragile"), json!({})).await, "alive");
    assert_eq!(*hanging.lock().unwrap(), 1, "the call that was cut off is not run again");
    c.close().await;
}

async fn restart(b: &Bench) -> Detail {
    let durable = handler(|_, _| async { Ok(json!({"status_code": 200, "body": "still here"})) });
    b.a.register(&b.id("durable"), None, durable.clone());
    b.b.register(&b.id("durable_b"), None, durable);
    b.a.bind("http", &b.id("durable"), json!({"api_path": format!("{}/durable", b.name), "http_method": "GET"}), None);
    ready(&*b.a, &b.id("durable_b"), json!({})).await;
    b.harness("restart").await;
    let began = Instant::now();
    let limit = Duration::from_secs(45);
    let (of_a, of_b) = (b.id("durable"), b.id("durable_b"));
    eventually(limit, || b.b.call(&of_a, json!({}), SHORT, None)).await;
    eventually(limit, || b.a.call(&of_b, json!({}), SHORT, None)).await;
    Some(format!("callable again {:?} after the engine was", began.elapsed()))
}

/// The route that `restart` had registered.
async fn http_after_restart(b: &Bench) {
    assert_eq!(fetch_when_routed(b, "GET", &format!("/{}/durable", b.name), &[], b"").await.status, 200);
}
