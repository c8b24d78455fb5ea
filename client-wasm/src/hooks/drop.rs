//! Files dragged over a conversation.

use web_sys::{DragEvent, File};
use yew::{Callback, UseStateHandle, hook, use_state};

use crate::browser;

/// What to listen with.
#[derive(Clone, PartialEq)]
pub struct Dragging {
    /// Whether files are over it.
    pub over: bool,
    /// For whatever is dragged over it.
    pub on_over: Callback<DragEvent>,
    /// For what is dragged out of the place that is shown while something is over it.
    pub on_leave: Callback<DragEvent>,
    /// For what is let go.
    pub on_drop: Callback<DragEvent>,
}

fn has_files(event: &DragEvent) -> bool {
    browser::carries(event.data_transfer().as_ref(), "Files")
}

/// Nothing is over it yet. Files let go here never take the place of the page, whether anything may
/// be sent or not.
#[hook]
pub fn use_drop(may: bool, on_files: &Callback<Vec<File>>) -> Dragging {
    let over: UseStateHandle<bool> = use_state(|| false);
    let on_over = {
        let over = over.clone();
        Callback::from(move |event: DragEvent| {
            if has_files(&event) {
                event.prevent_default();
                if !*over {
                    over.set(true);
                }
            }
        })
    };
    let on_leave = {
        let over = over.clone();
        Callback::from(move |_: DragEvent| over.set(false))
    };
    let on_drop = {
        let (over, on_files) = (over.clone(), on_files.clone());
        Callback::from(move |event: DragEvent| {
            if !has_files(&event) {
                return;
            }
            event.prevent_default();
            over.set(false);
            let files = browser::files(event.data_transfer().and_then(|data| data.files()));
            if may && !files.is_empty() {
                on_files.emit(files);
            }
        })
    };
    Dragging { over: *over, on_over, on_leave, on_drop }
}
