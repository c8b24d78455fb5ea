//! A button that opens the device's own picker of files.

use shared_proto::file::accept;
use web_sys::{File, HtmlInputElement};
use yew::{Callback, Event, Html, MouseEvent, TargetCast, html};

use crate::browser;

/// The button, with this `data-testid` and look, saying this; `on_files` is called with what was
/// chosen, if anything. Its input's `data-testid` ends in `-input`. No component: everybody loads it.
pub fn file_picker(
    name: &str,
    classes: &'static str,
    on_files: &Callback<Vec<File>>,
    says: Html,
) -> Html {
    let input = format!("{name}-input");
    let onclick = {
        let selector = format!("[data-testid={input}]");
        Callback::from(move |_: MouseEvent| browser::click(&selector))
    };
    let on_files = on_files.clone();
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let files = browser::files(input.files());
        // Choosing the same file once more is a change again.
        input.set_value("");
        if !files.is_empty() {
            on_files.emit(files);
        }
    });
    html! {
        <>
            <input type="file" multiple=true hidden=true accept={accept()} data-testid={input}
                {onchange} />
            <button type="button" class={classes} data-testid={name.to_owned()} {onclick}>{says}</button>
        </>
    }
}
