//! Serves `agent::list_tools` (also as GET /tools): what an agent may call, asked from the engine each time; and
//! `agent::call_tool`, which calls one of them by name.

use std::sync::Arc;

use iii_sdk::{
    iii::{RegisterFunction, WorkerMetadata},
    protocol::{RegisterTriggerInput, TriggerRequest},
    register_worker, Error, IIIClient, InitOptions,
};
use serde_json::{json, Value};

/// How many functions `engine::functions::info` describes at once.
const BATCH: usize = 32;

/// Every function of other workers, with its schema: `[{"name", "description", "parameters", "worker"}]`.
async fn list_tools(iii: &IIIClient, search: Option<&str>) -> Result<Value, Error> {
    let mut filter = json!({});
    if let Some(search) = search {
        filter["search"] = search.into();
    }
    let listed = iii.trigger(TriggerRequest::new("engine::functions::list", filter)).await?;
    let ids: Vec<&str> = listed["functions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row["function_id"].as_str())
        .filter(|id| !id.starts_with("agent::") && !id.starts_with("engine::"))
        .collect();
    let mut tools = Vec::new();
    for batch in ids.chunks(BATCH) {
        let request = TriggerRequest::new("engine::functions::info", json!({"function_ids": batch}));
        let described = iii.trigger(request).await?;
        // A function whose worker left meanwhile has an `error` in place of a description.
        let known = described["functions"].as_array().into_iter().flatten().filter(|f| f.get("error").is_none());
        tools.extend(known.map(tool));
    }
    Ok(Value::Array(tools))
}

fn tool(function: &Value) -> Value {
    json!({
        "name": function["function_id"],
        "description": function.get("description"),
        "parameters": function.get("request_schema"),
        "worker": function["worker_name"],
    })
}

async fn call_tool(iii: &IIIClient, request: &Value) -> Result<Value, Error> {
    let name = request["name"].as_str().ok_or("give the tool's `name`")?;
    if name.starts_with("agent::") || name.starts_with("engine::") {
        return Err(format!("'{name}' is not a tool").into());
    }
    let arguments = request.get("arguments").cloned().unwrap_or(json!({}));
    iii.trigger(TriggerRequest::new(name, arguments)).await
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::var("III_URL").unwrap_or_else(|_| "ws://localhost:49134".to_string());
    let metadata = WorkerMetadata { name: "agent-tools".to_string(), ..WorkerMetadata::default() };
    let iii = Arc::new(register_worker(&url, InitOptions { metadata: Some(metadata), ..InitOptions::default() }));

    let client = iii.clone();
    let list = RegisterFunction::new_async(move |request: Value| {
        let client = client.clone();
        async move {
            // By GET /tools?search=... the words are a query parameter; called by name they are in the payload.
            let by_http = request.get("path_params").is_some();
            let search = if by_http { &request["query_params"]["search"] } else { &request["search"] };
            let tools = list_tools(&client, search.as_str()).await?;
            Ok::<_, Error>(if by_http {
                json!({"status_code": 200, "body": {"tools": tools}})
            } else {
                json!({"tools": tools})
            })
        }
    });
    iii.register_function("agent::list_tools", list.description("The functions that an agent may call"));

    let client = iii.clone();
    let call = RegisterFunction::new_async(move |request: Value| {
        let client = client.clone();
        async move { call_tool(&client, &request).await }
    });
    iii.register_function("agent::call_tool", call.description("Calls a tool: {name, arguments}"));

    #[allow(deprecated)] // the engine's http triggers are registered so
    iii.register_trigger(RegisterTriggerInput::new(
        "http",
        "agent::list_tools",
        json!({"api_path": "/tools", "http_method": "GET"}),
    ))?;

    println!("agent tools are served");
    tokio::signal::ctrl_c().await.map_err(|error| Error::Runtime(error.to_string()))?;
    iii.shutdown_async().await;
    Ok(())
}
