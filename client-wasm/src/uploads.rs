//! The files a person chose, and the requests that carry them. The state (`state/attaching.rs`) says
//! what is sent when and from where on; what is in a file stays here, and the browser reads it as
//! it goes.

use std::cell::{Cell, RefCell};

use gloo::events::EventListener;
use js_sys::{ArrayBuffer, Uint8Array};
use shared_proto::id::ClientMessageId;
use shared_proto::refusal::Refusal;
use shared_proto::{codec, http};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File, ProgressEvent, XmlHttpRequest, XmlHttpRequestResponseType};

use crate::hooks::store::Dispatch;
use crate::state::Action;
use crate::state::attaching::{Attaching, Ended, Failed, Upload};

thread_local! {
    static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

struct Kept {
    id: ClientMessageId,
    file: File,
    request: Option<Request>,
}

/// A request under way; given up when dropped.
struct Request {
    request: XmlHttpRequest,
    listeners: Vec<EventListener>,
}

impl Drop for Request {
    fn drop(&mut self) {
        // Nobody wants to hear of it any more.
        self.listeners.clear();
        // One that has ended cannot be ended again, which does no harm.
        let _ = self.request.abort();
    }
}

/// Keeps a file until it is shared or called off.
pub fn keep(id: ClientMessageId, file: File) {
    KEPT.with_borrow_mut(|kept| kept.push(Kept { id, file, request: None }));
}

/// Forgets a file; what is sent of it is given up.
pub fn forget(id: ClientMessageId) {
    KEPT.with_borrow_mut(|kept| kept.retain(|kept| kept.id != id));
}

/// Stops sending a file, and keeps it.
pub fn stop(id: ClientMessageId) {
    carry(id, None);
}

/// Puts a request in the place of any other of a file.
fn carry(id: ClientMessageId, request: Option<Request>) {
    KEPT.with_borrow_mut(|kept| {
        if let Some(kept) = kept.iter_mut().find(|kept| kept.id == id) {
            kept.request = request;
        }
    });
}

/// Sends what is missing of a file, and says how far it comes and how that ends.
pub fn start(upload: Upload, dispatch: Dispatch) {
    let Upload { id, number, .. } = upload;
    let found = |kept: &&Kept| kept.id == id;
    let file = KEPT.with_borrow(|kept| kept.iter().find(found).map(|kept| kept.file.clone()));
    let sent = file.ok_or(JsValue::NULL).and_then(|file| send(upload, file, dispatch.clone()));
    match sent {
        Ok(request) => carry(id, Some(request)),
        Err(_) => end(&dispatch, id, number, Ended::Failed(Failed::Unreadable)),
    }
}

fn send(upload: Upload, file: File, dispatch: Dispatch) -> Result<Request, JsValue> {
    let Upload { id, number, conversation, file: name, offset } = upload;
    let request = XmlHttpRequest::new()?;
    request.open("PUT", &http::file(conversation, name))?;
    request.set_response_type(XmlHttpRequestResponseType::Arraybuffer);
    request.set_request_header("accept", http::CONTENT_TYPE)?;
    request.set_request_header("content-type", http::UPLOAD_TYPE)?;
    request.set_request_header(http::UPLOAD_OFFSET, &offset.to_string())?;
    let progress = {
        let (dispatch, last, bytes) = (dispatch.clone(), Cell::new(0), file.size().max(1.0));
        EventListener::new(request.upload()?.as_ref(), "progress", move |event| {
            let sent = offset + event.unchecked_ref::<ProgressEvent>().loaded() as u64;
            // Drawn in hundredths: no more of them are told.
            let hundredths = (sent as f64 * 100.0 / bytes) as u32;
            if last.replace(hundredths) != hundredths {
                dispatch.send(Action::Attaching(Attaching::Sent(id, sent)));
            }
        })
    };
    let loaded = {
        let (dispatch, request) = (dispatch.clone(), request.clone());
        EventListener::new(request.clone().as_ref(), "load", move |_| {
            end(&dispatch, id, number, answer(&request));
        })
    };
    let blob = file.slice_with_f64(offset as f64)?;
    let failed = {
        let blob = blob.clone();
        EventListener::new(request.as_ref(), "error", move |_| {
            let (dispatch, blob) = (dispatch.clone(), blob.clone());
            spawn_local(async move {
                let ended = if is_readable(&blob).await {
                    Ended::Lost
                } else {
                    Ended::Failed(Failed::Unreadable)
                };
                end(&dispatch, id, number, ended);
            });
        })
    };
    request.send_with_opt_blob(Some(&blob))?;
    Ok(Request { request, listeners: vec![progress, loaded, failed] })
}

fn end(dispatch: &Dispatch, id: ClientMessageId, number: u32, ended: Ended) {
    dispatch.send(Action::Attaching(Attaching::Ended(id, number, ended)));
}

/// What the server said. Anything but its own form comes from something in between.
fn answer(request: &XmlHttpRequest) -> Ended {
    let bytes = request.response().ok().and_then(|body| body.dyn_into::<ArrayBuffer>().ok());
    let bytes = bytes.map(|body| Uint8Array::new(&body).to_vec()).unwrap_or_default();
    match codec::decode::<Result<(), Refusal>>(&bytes) {
        Ok(Ok(())) => Ended::Whole,
        Ok(Err(refusal)) => Ended::Failed(Failed::Refused(refusal)),
        Err(_) => Ended::Lost,
    }
}

/// A browser does not say whether a request failed by its line or by its file.
async fn is_readable(blob: &Blob) -> bool {
    match blob.slice_with_f64_and_f64(0.0, 1.0) {
        Ok(first) => JsFuture::from(first.array_buffer()).await.is_ok(),
        Err(_) => false,
    }
}
