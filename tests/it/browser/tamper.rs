//! What cannot be brought about from outside — another build, a refusal of the unthinkable, an
//! answer that never comes — is brought about on the wire, between the page and the network.

use quietroom_tests::support::Browser;
use serde_json::{Value, json};
use shared_proto::codec;
use shared_proto::wire::{ClientFrame, Request};

/// Stands between the page and its socket. Words are exchanged for others of the same length, so
/// that frames stay well formed.
const BETWEEN: &str = "
    const at = (bytes, word, from) => {
        outer: for (let start = from; start + word.length <= bytes.length; start++) {
            for (let i = 0; i < word.length; i++)
                if (bytes[start + i] !== word[i]) continue outer;
            return start;
        }
        return -1;
    };
    const exchange = (bytes, pairs) => {
        for (const [from, to] of pairs)
            for (let i = at(bytes, from, 0); i >= 0; i = at(bytes, from, i + from.length))
                bytes.set(to, i);
        return bytes;
    };
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
        const bytes = exchange(Uint8Array.from(data), tamper.out);
        const drops = tail => bytes.length >= tail.length
            && at(bytes, tail, bytes.length - tail.length) >= 0;
        if (!tamper.drop.some(drops)) send.call(this, bytes);
    };
    const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data').get;
    Object.defineProperty(MessageEvent.prototype, 'data', { configurable: true, get() {
        const value = data.call(this);
        if (!(value instanceof ArrayBuffer)) return value;
        return exchange(new Uint8Array(value.slice(0)), tamper.in).buffer;
    } });";

/// What is done to the frames.
#[derive(Default)]
pub struct Tamper {
    /// Words of frames to the server, and what they become.
    pub outgoing: Vec<(Vec<u8>, Vec<u8>)>,
    /// Words of frames from the server, and what they become.
    pub incoming: Vec<(Vec<u8>, Vec<u8>)>,
    /// Requests that never arrive.
    pub dropped: Vec<Request>,
}

impl Tamper {
    fn script(&self) -> Value {
        for (from, to) in self.outgoing.iter().chain(&self.incoming) {
            assert_eq!(from.len(), to.len(), "the frame keeps its length");
        }
        // Behind the request's own number a frame is the request.
        let tail = |request: &Request| {
            codec::encode(&ClientFrame { id: 1, request: request.clone() })[1..].to_vec()
        };
        let drop: Vec<Vec<u8>> = self.dropped.iter().map(tail).collect();
        json!({ "out": self.outgoing, "in": self.incoming, "drop": drop })
    }

    /// Of every page the browser loads from now on.
    pub async fn at_every_start(&self, browser: &Browser) {
        let source = format!("window.tamper = {}; (() => {{ {BETWEEN} }})();", self.script());
        let source = json!({ "source": source });
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", source).await;
    }

    /// Of the page that is loaded, after [`Self::at_every_start`].
    pub async fn now(&self, browser: &Browser) {
        browser.script(&format!("window.tamper = {}", self.script()), Vec::new()).await;
    }
}
