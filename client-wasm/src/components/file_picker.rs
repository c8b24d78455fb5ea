//! A button that opens the device's own picker of files.

use shared_proto::file::accept;
use web_sys::{File, HtmlInputElement};
use yew::{
    Callback, Event, Html, MouseEvent, Properties, TargetCast, classes, component, html, use_memo,
    use_node_ref,
};

use crate::browser;

/// A button.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its `data-testid`; that of its input ends in `-input`.
    pub name: &'static str,
    /// Its look.
    pub classes: &'static str,
    /// Shown where it is pointed at.
    #[prop_or_default]
    pub title: Option<String>,
    /// Called with what was chosen, if anything.
    pub on_files: Callback<Vec<File>>,
    /// What it says.
    pub children: Html,
}

/// The button.
#[component]
pub fn FilePicker(props: &Props) -> Html {
    let input = use_node_ref();
    let taken = use_memo((), |()| accept());
    let onclick = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onchange = {
        let on_files = props.on_files.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let files = browser::files(input.files());
            // Choosing the same file once more is a change again.
            input.set_value("");
            if !files.is_empty() {
                on_files.emit(files);
            }
        })
    };
    html! {
        <>
            <input ref={input} type="file" multiple=true hidden=true accept={(*taken).clone()}
                data-testid={format!("{}-input", props.name)} {onchange} />
            <button type="button" class={classes!(props.classes)} data-testid={props.name}
                title={props.title.clone()} {onclick}>{props.children.clone()}</button>
        </>
    }
}
