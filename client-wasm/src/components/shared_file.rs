//! A file in a conversation: a picture small enough for its list, or what it is called, and how to
//! get it.

use std::rc::Rc;

use shared_proto::file::{FileKind, Preview};
use shared_proto::http;
use shared_proto::id::{ConversationId, EntryId};
use yew::{Callback, Html, MouseEvent, Properties, component, html};

use crate::components::icon::{Icon, Shape};
use crate::pages::tools::Tool;
use crate::sizes::{fitted, size};
use crate::state::File;
use crate::text::use_text;

/// A file.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Where.
    pub conversation: ConversationId,
    /// The entry that shares it.
    pub entry: EntryId,
    /// What is said of it.
    pub file: Rc<File>,
    /// Names of those it is hidden from, when it is one's own.
    pub hidden_from: Option<String>,
    /// Opens a tool.
    pub on_tool: Callback<Tool>,
}

/// The icon of a kind.
#[must_use]
pub const fn shape(kind: FileKind) -> Shape {
    match kind {
        FileKind::Png
        | FileKind::Jpeg
        | FileKind::Gif
        | FileKind::Webp
        | FileKind::Heic
        | FileKind::Tiff => Shape::Picture,
        FileKind::Mp3 | FileKind::M4a | FileKind::Wav => Shape::Sound,
        FileKind::Mp4 | FileKind::Mov | FileKind::Webm => Shape::Film,
        _ => Shape::Page,
    }
}

/// The file.
#[component]
pub fn SharedFile(props: &Props) -> Html {
    let text = use_text();
    let file = &props.file.shared;
    let name = file.name.as_str();
    let named = |id: &str| text.say_with(id, &[("name", name.into())]);
    let preview = file.kind.preview(file.pixels);
    let picture = file.pixels.filter(|_| preview == Preview::Image);
    let shown = http::file_preview(props.conversation, file.file);
    let open = {
        let (on_tool, entry) = (props.on_tool.clone(), props.entry);
        Callback::from(move |_: MouseEvent| on_tool.emit(Tool::Picture(entry)))
    };
    html! {
        <div class="file" data-testid="file" data-file={file.file.to_string()}>
            if let Some(pixels) = picture {
                <button type="button" class="file-picture" data-testid="file-picture"
                    aria-label={named("file-open-name")} onclick={open}>
                    <img src={shown.clone()} alt={name.to_owned()} loading="lazy" decoding="async"
                        width={fitted(pixels).0.to_string()}
                        height={fitted(pixels).1.to_string()} />
                </button>
            }
            <p class="file-line">
                <Icon shape={shape(file.kind)} />
                <span class="file-words">
                    <span class="file-name" data-testid="file-name" dir="auto">{name}</span>
                    <span class="file-size">{size(file.bytes, &text)}</span>
                </span>
            </p>
            <p class="file-actions">
                <a class="button button-small" data-testid="file-download"
                    href={http::file(props.conversation, file.file)} download={name.to_owned()}
                    aria-label={named("file-download-name")}>{text.say("file-download")}</a>
                if preview == Preview::Document {
                    <a class="button button-small" data-testid="file-open" href={shown}
                        target="_blank" rel="noopener noreferrer"
                        aria-label={named("file-open-name")}>{text.say("file-open")}</a>
                }
            </p>
            if let Some(names) = &props.hidden_from {
                <p class="file-hidden" data-testid="file-hidden">
                    {text.say_with("file-hidden", &[("names", names.as_str().into())])}
                </p>
            }
        </div>
    }
}
