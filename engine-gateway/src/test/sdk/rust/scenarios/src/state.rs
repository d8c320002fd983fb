//! State and streams: what users of each generation call by name.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use serde_json::{json, Value};
use tokio::time::sleep;

use crate::{
    client::{handler, Client, Storage},
    scenarios::{ready, until, LONG},
    Bench,
};

type Heard = Arc<Mutex<Vec<Value>>>;

async fn ask(client: &Arc<dyn Client>, function: &str, payload: Value) -> Value {
    client.call(function, payload, LONG, None).await.unwrap_or_else(|failure| panic!("{function}: {failure:?}"))
}

/// The object with more members.
fn with(object: &Value, more: Value) -> Value {
    let mut all = object.as_object().cloned().unwrap_or_default();
    all.extend(more.as_object().cloned().unwrap_or_default());
    Value::Object(all)
}

fn listener(client: &Arc<dyn Client>, id: &str) -> Heard {
    let heard = Heard::default();
    let log = heard.clone();
    client.register(
        id,
        None,
        handler(move |event, _| {
            log.lock().unwrap().push(event);
            async { Ok(Value::Null) }
        }),
    );
    heard
}

/// Waits for so many events, by time; a moment later there are no more.
async fn all(heard: &Heard, count: usize) -> Vec<Value> {
    until(LONG, "all events come", || heard.lock().unwrap().len() >= count).await;
    sleep(Duration::from_millis(200)).await;
    let mut events = heard.lock().unwrap().clone();
    assert_eq!(events.len(), count, "{events:?}");
    events.sort_by_key(|event| event["timestamp"].as_i64());
    events
}

pub async fn state(b: &Bench) {
    let scope = b.id("scope: a/b ✨");
    let at = |key: &str| json!({"scope": scope, "key": key});
    let big = json!({"n": u64::MAX, "f": 5.0});
    assert_eq!(ask(&b.b, "state::get", at("k 1")).await, Value::Null);
    let set = with(&at("k 1"), json!({"value": {"n": 1}}));
    assert_eq!(ask(&b.b, "state::set", set).await, json!({"old_value": null, "new_value": {"n": 1}}));
    let set = with(&at("k 1"), json!({"value": big}));
    assert_eq!(ask(&b.b, "state::set", set).await, json!({"old_value": {"n": 1}, "new_value": big}));
    assert_eq!(ask(&b.a, "state::get", at("k 1")).await, big);
    ask(&b.b, "state::set", with(&at("null"), json!({"value": null}))).await;
    ask(&b.b, "state::set", with(&at("k 0"), json!({"data": [1, "zwei"]}))).await;
    assert_eq!(ask(&b.a, "state::list", json!({"scope": scope})).await, json!([big, null, [1, "zwei"]]));
    assert_eq!(ask(&b.a, "state::list", json!({"scope": b.id("nothing")})).await, json!([]));
    let groups = ask(&b.a, "state::list_groups", json!({})).await;
    assert!(groups["groups"].as_array().unwrap().contains(&json!(scope)), "{groups}");
    assert_eq!(ask(&b.a, "state::delete", at("k 1")).await, big);
    assert_eq!(ask(&b.a, "state::delete", at("k 1")).await, Value::Null);
}

pub async fn state_update(b: &Bench) {
    let key = json!({"scope": b.id("updates"), "key": "k"});
    let ops = json!({"ops": [
        {"type": "set", "path": "status", "value": "new"},
        {"type": "increment", "path": "n", "by": 5},
        {"type": "decrement", "path": "n", "by": 2},
        {"type": "merge", "path": null, "value": {"a": 1, "b": {"c": 2}}},
        {"type": "merge", "path": ["b", "d"], "value": {"e": 3}},
        {"type": "append", "path": "list", "value": 1},
        {"type": "append", "path": ["deep", "list"], "value": "x"},
        {"type": "append", "path": "status", "value": "!"},
        {"type": "remove", "path": "a"},
    ]});
    let new = json!({"status": "new!", "n": 3, "b": {"c": 2, "d": {"e": 3}}, "list": [1], "deep": {"list": ["x"]}});
    let updated = ask(&b.b, "state::update", with(&key, ops)).await;
    assert_eq!(updated, json!({"old_value": null, "new_value": new}));
    let ops = json!({"ops": [
        {"type": "increment", "path": "status", "by": 1},
        {"type": "set", "path": "__proto__", "value": 1},
        {"type": "set", "path": "n", "value": 9},
    ]});
    let updated = ask(&b.b, "state::update", with(&key, ops)).await;
    assert_eq!(updated["new_value"]["n"], 9);
    assert_eq!(updated["errors"][0]["code"], "increment.not_number");
    assert_eq!(updated["errors"][1]["code"], "set.path.proto_polluted");
    assert_eq!(updated["errors"][1]["op_index"], 1);

    let counter = json!({"scope": b.id("updates"), "key": "counter"});
    let one = with(&counter, json!({"ops": [{"type": "increment", "path": "", "by": 1}]}));
    let calls: Vec<_> = (0..100)
        .map(|i| {
            let (client, one) = (if i % 2 == 0 { b.a.clone() } else { b.b.clone() }, one.clone());
            tokio::spawn(async move { ask(&client, "state::update", one).await["old_value"].to_string() })
        })
        .collect();
    let mut before = HashSet::new();
    for call in calls {
        before.insert(call.await.unwrap());
    }
    assert_eq!(before.len(), 100, "no two saw the same");
    assert_eq!(ask(&b.a, "state::get", counter).await, 100);
}

pub async fn state_trigger(b: &Bench) {
    let scope = b.id("watched");
    let all_events = listener(&b.a, &b.id("state_all"));
    let odd = listener(&b.a, &b.id("state_odd"));
    let entered = listener(&b.a, &b.id("state_entered"));
    b.a.bind("state", &b.id("state_all"), json!({"scope": scope, "key": "k"}), None);
    let condition = b.id("state_is_odd");
    b.a.bind("state", &b.id("state_odd"), json!({"scope": scope, "condition_function_id": condition}), None);
    b.a.bind("state", &b.id("state_entered"), json!({"scope": scope, "condition": "n > 1"}), None);
    let is_odd = handler(|event, _| async move { Ok(json!(event["new_value"]["n"].as_i64().unwrap_or(0) % 2 == 1)) });
    b.a.register(&condition, None, is_odd);
    ready(&*b.b, &condition, json!({})).await;

    for (key, n) in [("k", 1), ("k", 2)] {
        ask(&b.a, "state::set", json!({"scope": scope, "key": key, "value": {"n": n}})).await;
    }
    ask(&b.a, "state::delete", json!({"scope": scope, "key": "k"})).await;
    ask(&b.a, "state::set", json!({"scope": scope, "key": "other", "value": {"n": 3}})).await;
    let mut seen = all(&all_events, 3).await;
    seen.sort_by_key(|event| event["event_type"].to_string());
    let event = |kind: &str, old: Value, new: Value| {
        json!({"type": "state", "event_type": format!("state:{kind}"), "scope": scope, "key": "k",
            "old_value": old, "new_value": new})
    };
    assert_eq!(
        seen,
        [
            event("created", Value::Null, json!({"n": 1})),
            event("deleted", json!({"n": 2}), Value::Null),
            event("updated", json!({"n": 1}), json!({"n": 2})),
        ]
    );
    for heard in [odd, entered] {
        let keys: HashSet<_> = all(&heard, 2).await.iter().map(|event| event["key"].to_string()).collect();
        assert_eq!(keys, HashSet::from(["\"k\"".to_string(), "\"other\"".to_string()]));
    }
}

pub async fn stream(b: &Bench) {
    let group = json!({"stream_name": b.id("todos"), "group_id": "in/box"});
    let item = with(&group, json!({"item_id": "t 1"}));
    assert_eq!(ask(&b.b, "stream::get", item.clone()).await, Value::Null);
    let set = ask(&b.b, "stream::set", with(&item, json!({"data": {"n": 2}}))).await;
    assert_eq!(set, json!({"old_value": null, "new_value": {"n": 2}}));
    ask(&b.b, "stream::set", with(&group, json!({"item_id": "null", "data": null}))).await;
    let ops = json!({"ops": [{"type": "increment", "path": "n", "by": 3}]});
    let updated = ask(&b.a, "stream::update", with(&item, ops)).await;
    assert_eq!(updated, json!({"old_value": {"n": 2}, "new_value": {"n": 5}}));
    assert_eq!(ask(&b.a, "stream::get", item.clone()).await, json!({"n": 5}));
    assert_eq!(ask(&b.a, "stream::list", group.clone()).await, json!([{"n": 5}, null]));
    assert_eq!(ask(&b.a, "stream::list_groups", group.clone()).await, json!(["in/box"]));
    let listed = ask(&b.a, "stream::list_all", json!({})).await;
    let entry = json!({"id": group["stream_name"], "groups": ["in/box"]});
    assert!(listed["stream"].as_array().unwrap().contains(&entry), "{listed}");
    let sent = with(&group, json!({"type": "typing", "data": {"who": "Ada"}}));
    assert_eq!(ask(&b.a, "stream::send", sent).await, Value::Null);
    assert_eq!(ask(&b.a, "stream::delete", item.clone()).await, json!({"old_value": {"n": 5}}));
    assert_eq!(ask(&b.a, "stream::delete", item).await, json!({"old_value": null}));
}

pub async fn stream_trigger(b: &Bench) {
    let group = json!({"stream_name": b.id("heard"), "group_id": "g"});
    let item = with(&group, json!({"item_id": "t1"}));
    let everything = listener(&b.a, &b.id("stream_all"));
    let one = listener(&b.a, &b.id("stream_one"));
    let condition = b.id("stream_no_updates");
    b.a.bind("stream", &b.id("stream_all"), group.clone(), None);
    let config = with(&item, json!({"condition_function_id": condition}));
    b.a.bind("stream", &b.id("stream_one"), config, None);
    let no_updates = handler(|frame, _| async move { Ok(json!(frame["event"]["type"] != "update")) });
    b.a.register(&condition, None, no_updates);
    ready(&*b.b, &condition, json!({"event": {}})).await;

    let ops = json!({"ops": [{"type": "increment", "path": "n", "by": 1}]});
    ask(&b.a, "stream::set", with(&item, json!({"data": {"n": 1}}))).await;
    ask(&b.a, "stream::update", with(&item, ops)).await;
    ask(&b.a, "stream::send", with(&group, json!({"type": "typing", "data": "Ada"}))).await;
    ask(&b.a, "stream::send", with(&group, json!({"id": "t1", "type": "typing", "data": "Bob"}))).await;
    ask(&b.a, "stream::delete", item).await;

    let frames = all(&everything, 5).await;
    let events: Vec<_> = frames.iter().map(|frame| json!([frame["id"], frame["event"]])).collect();
    let sent = |data: &str| json!({"type": "event", "event": {"type": "typing", "data": data}});
    assert_eq!(
        events,
        [
            json!(["t1", {"type": "create", "data": {"n": 1}}]),
            json!(["t1", {"type": "update", "data": {"n": 2}}]),
            json!([null, sent("Ada")]),
            json!(["t1", sent("Bob")]),
            json!(["t1", {"type": "delete", "data": {"n": 2}}]),
        ]
    );
    let members: Vec<_> = frames[0].as_object().unwrap().keys().cloned().collect::<HashSet<_>>().into_iter().collect();
    assert_eq!(members.len(), 6, "{members:?}");
    let kinds: Vec<_> = all(&one, 3).await.iter().map(|frame| frame["event"]["type"].clone()).collect();
    assert_eq!(kinds, ["create", "event", "delete"]);
}

/// A stream whose items a worker keeps.
pub async fn stream_served(b: &Bench) {
    let name = b.id("served");
    let group = json!({"stream_name": name, "group_id": "g"});
    let item = with(&group, json!({"item_id": "t1"}));
    let storage = Arc::new(Memory::default());
    b.a.serve_stream(&name, storage.clone());
    let frames = listener(&b.a, &b.id("served_frames"));
    b.a.bind("stream", &b.id("served_frames"), json!({"stream_name": name}), None);
    ready(&*b.b, &format!("stream::list_groups({name})"), json!({"stream_name": name})).await;

    let stored = json!({"n": 1, "kept": true});
    let changed = json!({"n": 2, "kept": true});
    let set = ask(&b.a, "stream::set", with(&item, json!({"data": {"n": 1}}))).await;
    assert_eq!(set, json!({"old_value": null, "new_value": stored}));
    assert_eq!(ask(&b.b, "stream::get", item.clone()).await, stored);
    assert_eq!(ask(&b.b, "stream::list", group.clone()).await, json!([stored]));
    assert_eq!(ask(&b.b, "stream::list_groups", json!({"stream_name": name})).await, json!(["g"]));
    let ops = json!({"ops": [{"type": "increment", "path": "n", "by": 1}]});
    let updated = ask(&b.a, "stream::update", with(&item, ops)).await;
    assert_eq!(updated, json!({"old_value": stored, "new_value": changed}));
    assert_eq!(storage.0.lock().unwrap().get("t1"), Some(&changed));
    assert_eq!(ask(&b.a, "stream::delete", item.clone()).await, json!({"old_value": changed}));
    assert_eq!(ask(&b.b, "stream::get", item).await, Value::Null);
    let events: Vec<_> = all(&frames, 3).await.iter().map(|frame| frame["event"].clone()).collect();
    assert_eq!(
        events,
        [
            json!({"type": "create", "data": stored}),
            json!({"type": "update", "data": changed}),
            json!({"type": "delete", "data": changed}),
        ]
    );
}

#[derive(Default)]
struct Memory(Mutex<BTreeMap<String, Value>>);

#[async_trait]
impl Storage for Memory {
    async fn get(&self, id: &str) -> Option<Value> {
        self.0.lock().unwrap().get(id).cloned()
    }

    async fn set(&self, id: &str, item: Value) -> (Option<Value>, Value) {
        let item = with(&item, json!({"kept": true}));
        (self.0.lock().unwrap().insert(id.to_string(), item.clone()), item)
    }

    async fn delete(&self, id: &str) -> Option<Value> {
        self.0.lock().unwrap().remove(id)
    }

    async fn list(&self) -> Vec<Value> {
        self.0.lock().unwrap().values().cloned().collect()
    }
}
