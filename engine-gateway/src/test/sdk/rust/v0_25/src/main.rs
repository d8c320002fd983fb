//! The driver on `iii-sdk` 0.25: `register_worker`, `trigger(TriggerRequest)`.
#![allow(deprecated)] // triggers: deprecated there, and what this suite is about

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use conformance_scenarios::client::{
    Added, Answer, Channel, Client, Failure, Handler, Reader, Removed, Storage, Undo, Writer,
};
use iii_helpers::stream::{
    StreamDeleteInput, StreamDeleteResult, StreamGetInput, StreamListGroupsInput, StreamListInput, StreamSetInput,
    StreamSetResult, StreamUpdateInput, StreamUpdateResult,
};
use iii_sdk::{
    channel::{ChannelReader, ChannelWriter, StreamChannelRef},
    helpers::{create_channel, create_stream},
    iii::{RegisterFunction, RegisterTriggerType, WorkerMetadata},
    protocol::{Dispatch, RegisterTriggerInput, TriggerAction, TriggerRequest},
    register_worker,
    stream_provider::IStream,
    trigger::{TriggerConfig, TriggerHandler},
    Error, IIIClient, InitOptions,
};
use serde_json::Value;

struct Worker(IIIClient);

fn failure(error: Error) -> Failure {
    match error {
        Error::Timeout => Failure::new("timeout", error.to_string()),
        Error::Remote { code, message, .. } => Failure { code, message },
        other => Failure::new("sdk", other.to_string()),
    }
}

fn error(failure: Failure) -> Error {
    if failure.code.is_empty() {
        return Error::Handler(failure.message);
    }
    Error::Remote { code: failure.code, message: failure.message, stacktrace: None }
}

fn reference(value: &Value) -> StreamChannelRef {
    serde_json::from_value(value.clone()).expect("a channel reference")
}

#[async_trait]
impl Client for Worker {
    fn register(&self, id: &str, description: Option<&str>, handler: Handler) -> Option<Undo> {
        let mut function = RegisterFunction::new_async(move |data: Value, metadata: Option<Value>| {
            let answer = handler(data, metadata);
            async move { answer.await.map_err(error) }
        });
        if let Some(description) = description {
            function = function.description(description);
        }
        let registered = self.0.register_function(id, function);
        Some(Undo::by(move || registered.unregister()))
    }

    async fn call(&self, id: &str, payload: Value, timeout: Duration, metadata: Option<Value>) -> Answer {
        let mut request = TriggerRequest::new(id, payload);
        request.timeout_ms = Some(timeout.as_millis() as u64);
        let mut request = request.dispatch(Dispatch::Remote);
        if let Some(metadata) = metadata {
            request = request.metadata(metadata);
        }
        self.0.trigger(request).await.map_err(failure)
    }

    async fn fire(&self, id: &str, payload: Value) {
        let mut request = TriggerRequest::new(id, payload);
        request.action = Some(TriggerAction::Void);
        self.0.trigger(request).await.expect("a void call is accepted");
    }

    fn bind(&self, trigger_type: &str, function_id: &str, config: Value, metadata: Option<Value>) -> Undo {
        let mut input = RegisterTriggerInput::new(trigger_type, function_id, config);
        input.metadata = metadata;
        let trigger = self.0.register_trigger(input).expect("a trigger is accepted");
        Undo::by(move || trigger.unregister())
    }

    fn trigger_type(&self, id: &str, added: Added, removed: Removed) {
        self.0.register_trigger_type(RegisterTriggerType::new(
            id,
            "for the conformance suite",
            Provider { added, removed },
        ));
    }

    fn on_functions(&self, _: Arc<dyn Fn(Vec<String>) + Send + Sync>) -> bool {
        false
    }

    async fn typed_lists(&self) -> Option<(Vec<String>, Vec<String>)> {
        None
    }

    async fn channel(&self) -> Channel {
        let channel = create_channel(&self.0, None).await.expect("a channel");
        Channel {
            writer_ref: serde_json::to_value(&channel.writer_ref).unwrap(),
            reader_ref: serde_json::to_value(&channel.reader_ref).unwrap(),
            writer: Arc::new(Out(channel.writer)),
            reader: Box::new(In(channel.reader)),
        }
    }

    fn writer(&self, value: &Value) -> Arc<dyn Writer> {
        Arc::new(Out(ChannelWriter::new(self.0.address(), &reference(value))))
    }

    fn reader(&self, value: &Value) -> Box<dyn Reader> {
        Box::new(In(ChannelReader::new(self.0.address(), &reference(value))))
    }

    fn serve_stream(&self, name: &str, storage: Arc<dyn Storage>) {
        create_stream(&self.0, name, Served(storage));
    }

    async fn close(&self) {
        self.0.shutdown_async().await;
    }
}

struct Served(Arc<dyn Storage>);

#[async_trait]
impl IStream for Served {
    async fn get(&self, input: StreamGetInput) -> Result<Option<Value>, Error> {
        Ok(self.0.get(&input.item_id).await)
    }

    async fn set(&self, input: StreamSetInput) -> Result<Option<StreamSetResult>, Error> {
        let (old_value, new_value) = self.0.set(&input.item_id, input.data).await;
        Ok(Some(StreamSetResult { old_value, new_value }))
    }

    async fn delete(&self, input: StreamDeleteInput) -> Result<StreamDeleteResult, Error> {
        Ok(StreamDeleteResult { old_value: self.0.delete(&input.item_id).await })
    }

    async fn list(&self, _: StreamListInput) -> Result<Vec<Value>, Error> {
        Ok(self.0.list().await)
    }

    async fn list_groups(&self, _: StreamListGroupsInput) -> Result<Vec<String>, Error> {
        Ok(vec!["g".to_string()])
    }

    async fn update(&self, _: StreamUpdateInput) -> Result<Option<StreamUpdateResult>, Error> {
        Ok(None) // the SDK does not register it
    }
}

struct Provider {
    added: Added,
    removed: Removed,
}

#[async_trait]
impl TriggerHandler for Provider {
    async fn register_trigger(&self, config: TriggerConfig) -> Result<(), Error> {
        (self.added)(config.id, config.function_id, config.config);
        Ok(())
    }

    async fn unregister_trigger(&self, config: TriggerConfig) -> Result<(), Error> {
        (self.removed)(config.id);
        Ok(())
    }
}

struct Out(ChannelWriter);

#[async_trait]
impl Writer for Out {
    async fn write(&self, bytes: &[u8]) {
        self.0.write(bytes).await.expect("the channel takes bytes");
    }

    async fn send(&self, text: &str) {
        self.0.send_message(text).await.expect("the channel takes text");
    }

    async fn close(&self) {
        self.0.close().await.expect("the channel closes");
    }
}

struct In(ChannelReader);

#[async_trait]
impl Reader for In {
    async fn read_all(&self) -> Vec<u8> {
        self.0.read_all().await.expect("the channel gives bytes")
    }

    async fn on_message(&self, callback: Box<dyn Fn(String) + Send + Sync>) {
        self.0.on_message(callback).await;
    }
}

fn open(url: String, name: String) -> Pin<Box<dyn Future<Output = Arc<dyn Client>> + Send>> {
    Box::pin(async move {
        let metadata = WorkerMetadata { name, ..WorkerMetadata::default() };
        let options = InitOptions { metadata: Some(metadata), ..InitOptions::default() };
        Arc::new(Worker(register_worker(&url, options))) as Arc<dyn Client>
    })
}

#[tokio::main]
async fn main() {
    conformance_scenarios::run(open).await;
}
