//! One face for two generations of the Rust SDK, so that the scenarios are written once.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use serde_json::Value;

/// An error as the caller sees it; `code` is `timeout` for the caller's own time-out.
#[derive(Debug, Clone)]
pub struct Failure {
    pub code: String,
    pub message: String,
}

impl Failure {
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_string(), message: message.into() }
    }
}

pub type Answer = Result<Value, Failure>;
pub type Handler = Arc<dyn Fn(Value, Option<Value>) -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync>;
/// Takes a registration back; dropping it does nothing.
pub struct Undo(Box<dyn FnOnce() + Send>);

impl Undo {
    pub fn by(action: impl FnOnce() + Send + 'static) -> Self {
        Self(Box::new(action))
    }

    pub fn undo(self) {
        (self.0)();
    }
}

/// Called with (trigger id, function id, config) when a trigger comes, and with (trigger id) when it goes.
pub type Added = Arc<dyn Fn(String, String, Value) + Send + Sync>;
pub type Removed = Arc<dyn Fn(String) + Send + Sync>;

/// Both ends of a channel; the refs are what travels in payloads.
pub struct Channel {
    pub writer: Arc<dyn Writer>,
    pub reader: Box<dyn Reader>,
    pub writer_ref: Value,
    pub reader_ref: Value,
}

#[async_trait]
pub trait Writer: Send + Sync {
    async fn write(&self, bytes: &[u8]);
    async fn send(&self, text: &str);
    async fn close(&self);
}

#[async_trait]
pub trait Reader: Send + Sync {
    async fn read_all(&self) -> Vec<u8>;
    async fn on_message(&self, callback: Box<dyn Fn(String) + Send + Sync>);
}

/// Keeps the items of the one group `g` of a stream that a worker serves.
#[async_trait]
pub trait Storage: Send + Sync {
    async fn get(&self, id: &str) -> Option<Value>;
    /// What was there, and what is there now.
    async fn set(&self, id: &str, item: Value) -> (Option<Value>, Value);
    async fn delete(&self, id: &str) -> Option<Value>;
    async fn list(&self) -> Vec<Value>;
}

#[async_trait]
pub trait Client: Send + Sync {
    /// What it returns unregisters the function, where the SDK can.
    fn register(&self, id: &str, description: Option<&str>, handler: Handler) -> Option<Undo>;
    async fn call(&self, id: &str, payload: Value, timeout: Duration, metadata: Option<Value>) -> Answer;
    async fn fire(&self, id: &str, payload: Value);
    fn bind(&self, trigger_type: &str, function_id: &str, config: Value, metadata: Option<Value>) -> Undo;
    fn trigger_type(&self, id: &str, added: Added, removed: Removed);
    /// The SDK's own helper, where it has one.
    fn on_functions(&self, callback: Arc<dyn Fn(Vec<String>) + Send + Sync>) -> bool;
    /// The ids and names that the SDK's typed list helpers decode, where it has them.
    async fn typed_lists(&self) -> Option<(Vec<String>, Vec<String>)>;
    async fn channel(&self) -> Channel;
    fn writer(&self, reference: &Value) -> Arc<dyn Writer>;
    fn reader(&self, reference: &Value) -> Box<dyn Reader>;
    fn serve_stream(&self, name: &str, _: Arc<dyn Storage>) {
        panic!("this generation cannot serve the stream {name}");
    }
    async fn close(&self);
}

/// Opens a connection: (address, worker name).
pub type Open = fn(String, String) -> Pin<Box<dyn Future<Output = Arc<dyn Client>> + Send>>;

/// Makes a [`Handler`] of an async closure.
pub fn handler<F, Fut>(f: F) -> Handler
where
    F: Fn(Value, Option<Value>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Answer> + Send + 'static,
{
    Arc::new(move |data, metadata| Box::pin(f(data, metadata)))
}
