//! A picture of a conversation, as large as fits.

use shared_proto::http;
use shared_proto::id::EntryId;
use yew::{Callback, Html, Properties, component, html};

use crate::components::dialog::Dialog;
use crate::shared::Shared;
use crate::state::{Content, Conversation};
use crate::text::use_text;

/// Which picture.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The entry that shares it.
    pub entry: EntryId,
    /// Where.
    pub conversation: Shared<Conversation>,
    /// Called when it is closed.
    pub on_close: Callback<()>,
}

/// The dialog; nothing when the picture is no longer held.
#[component]
pub fn Picture(props: &Props) -> Html {
    let text = use_text();
    let conversation = &*props.conversation;
    let lines = conversation.thread.as_ref().map_or(&[][..], |thread| &thread.lines);
    let found = lines.binary_search_by(|line| line.entry.cmp(&props.entry));
    let Some(Content::File(file)) = found.ok().map(|index| &lines[index].content) else {
        return Html::default();
    };
    let file = &file.shared;
    let name = file.name.as_str();
    let (width, height) = file.pixels.map_or((0, 0), |pixels| (pixels.width, pixels.height));
    html! {
        <Dialog title={name.to_owned()} name="picture-dialog" on_close={props.on_close.clone()}>
            <img class="picture" data-testid="picture" alt={name.to_owned()}
                src={http::file_preview(conversation.id, file.file)}
                width={width.to_string()} height={height.to_string()} />
            <p class="file-actions">
                <a class="button button-small" data-testid="picture-download"
                    href={http::file(conversation.id, file.file)} download={name.to_owned()}>
                    {text.say("file-download")}
                </a>
            </p>
        </Dialog>
    }
}
