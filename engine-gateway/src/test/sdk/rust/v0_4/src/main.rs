//! The driver on `iii-sdk` 0.4: `III::new`, `connect()`, `call(id, data)`.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use conformance_scenarios::client::{Added, Answer, Channel, Client, Failure, Handler, Reader, Removed, Undo, Writer};
use iii_sdk::{
    ChannelReader, ChannelWriter, IIIError, StreamChannelRef, TriggerConfig, TriggerHandler, WorkerMetadata, III,
};
use serde_json::Value;

struct Worker {
    iii: III,
}

fn failure(error: IIIError) -> Failure {
    match error {
        IIIError::Timeout => Failure::new("timeout", error.to_string()),
        IIIError::Remote { code, message } => Failure { code, message },
        other => Failure::new("sdk", other.to_string()),
    }
}

fn reference(value: &Value) -> StreamChannelRef {
    serde_json::from_value(value.clone()).expect("a channel reference")
}

#[async_trait]
impl Client for Worker {
    fn register(&self, id: &str, description: Option<&str>, handler: Handler) -> Option<Undo> {
        let function = move |data: Value| {
            let answer = handler(data, None);
            async move { answer.await.map_err(|failure| IIIError::Handler(failure.message)) }
        };
        match description {
            Some(description) => self.iii.register_function_with_description(id, description, function),
            None => self.iii.register_function(id, function),
        };
        None
    }

    async fn call(&self, id: &str, payload: Value, timeout: Duration, metadata: Option<Value>) -> Answer {
        assert!(metadata.is_none(), "this generation has no metadata");
        self.iii.call_with_timeout(id, payload, timeout).await.map_err(failure)
    }

    async fn fire(&self, id: &str, payload: Value) {
        self.iii.call_void(id, payload).expect("a void call is accepted");
    }

    fn bind(&self, trigger_type: &str, function_id: &str, config: Value, _: Option<Value>) -> Undo {
        let trigger = self.iii.register_trigger(trigger_type, function_id, config).expect("a trigger is accepted");
        Undo::by(move || trigger.unregister())
    }

    fn trigger_type(&self, id: &str, added: Added, removed: Removed) {
        self.iii.register_trigger_type(id, "for the conformance suite", Provider { added, removed });
    }

    fn on_functions(&self, callback: Arc<dyn Fn(Vec<String>) + Send + Sync>) -> bool {
        let guard =
            self.iii.on_functions_available(move |rows| callback(rows.into_iter().map(|r| r.function_id).collect()));
        std::mem::forget(guard); // listens until the process ends
        true
    }

    async fn typed_lists(&self) -> Option<(Vec<String>, Vec<String>)> {
        let functions = self.iii.list_functions().await.expect("the list of functions decodes");
        let workers = self.iii.list_workers().await.expect("the list of workers decodes");
        self.iii.list_triggers().await.expect("the list of triggers decodes");
        Some((
            functions.into_iter().map(|f| f.function_id).collect(),
            workers.into_iter().filter_map(|w| w.name).collect(),
        ))
    }

    async fn channel(&self) -> Channel {
        let channel = self.iii.create_channel(None).await.expect("a channel");
        Channel {
            writer_ref: serde_json::to_value(&channel.writer_ref).unwrap(),
            reader_ref: serde_json::to_value(&channel.reader_ref).unwrap(),
            writer: Arc::new(Out(channel.writer)),
            reader: Box::new(In(channel.reader)),
        }
    }

    fn writer(&self, value: &Value) -> Arc<dyn Writer> {
        Arc::new(Out(ChannelWriter::new(self.iii.address(), &reference(value))))
    }

    fn reader(&self, value: &Value) -> Box<dyn Reader> {
        Box::new(In(ChannelReader::new(self.iii.address(), &reference(value))))
    }

    async fn close(&self) {
        self.iii.shutdown_async().await;
    }
}

struct Provider {
    added: Added,
    removed: Removed,
}

#[async_trait]
impl TriggerHandler for Provider {
    async fn register_trigger(&self, config: TriggerConfig) -> Result<(), IIIError> {
        (self.added)(config.id, config.function_id, config.config);
        Ok(())
    }

    async fn unregister_trigger(&self, config: TriggerConfig) -> Result<(), IIIError> {
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
        let iii = III::with_metadata(&url, WorkerMetadata { name, ..WorkerMetadata::default() });
        iii.connect().await.expect("the engine is there");
        Arc::new(Worker { iii }) as Arc<dyn Client>
    })
}

#[tokio::main]
async fn main() {
    conformance_scenarios::run(open).await;
}
