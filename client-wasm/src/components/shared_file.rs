//! A file in a conversation: a picture small enough for its list, or what it is called, and how to
//! get it.

use shared_proto::file::{FileKind, Preview};
use shared_proto::http;
use shared_proto::id::{ConversationId, EntryId};
use yew::{Callback, Html, MouseEvent, html};

use crate::components::icon::{Icon, Shape};
use crate::pages::tools::Tool;
use crate::sizes::{fitted, size};
use crate::state::File;
use crate::text::Text;

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

/// The file that an entry of a conversation shares. `hidden_from` names those it is hidden from, when
/// it is one's own; `on_tool` opens a tool. No component: everybody loads it.
pub fn shared_file(
    (conversation, entry): (ConversationId, EntryId),
    file: &File,
    hidden_from: Option<&str>,
    on_tool: &Callback<Tool>,
    text: &Text,
) -> Html {
    let file = &file.shared;
    let name = file.name.as_str();
    let named = |id: &str| text.say_with(id, &[("name", name.into())]);
    let preview = file.kind.preview(file.pixels);
    let picture = file.pixels.filter(|_| preview == Preview::Image);
    let shown = http::file_preview(conversation, file.file);
    let open = on_tool.reform(move |_: MouseEvent| Tool::Picture(entry));
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
                    <span class="file-size">{size(file.bytes, text)}</span>
                </span>
            </p>
            <p class="file-actions">
                <a class="button button-small" data-testid="file-download"
                    href={http::file(conversation, file.file)} download={name.to_owned()}
                    aria-label={named("file-download-name")}>{text.say("file-download")}</a>
                if preview == Preview::Document {
                    <a class="button button-small" data-testid="file-open" href={shown}
                        target="_blank" rel="noopener noreferrer"
                        aria-label={named("file-open-name")}>{text.say("file-open")}</a>
                }
            </p>
            if let Some(names) = hidden_from {
                <p class="file-hidden" data-testid="file-hidden">
                    {text.say_with("file-hidden", &[("names", names.into())])}
                </p>
            }
        </div>
    }
}
