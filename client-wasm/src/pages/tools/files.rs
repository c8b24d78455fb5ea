//! The files of a conversation, newest first; also where nothing more is written (O27). Where
//! something is, the way to send more, and to assign a form.

use shared_proto::conversation::decide::may_assign;
use shared_proto::file::Preview;
use shared_proto::file::ask::{Ask, Told};
use shared_proto::http;
use shared_proto::id::{EntryId, PersonId};
use shared_proto::time::Millis;
use shared_proto::wire::{Reply, Request};
use yew::{Callback, Html, MouseEvent, component, html, use_effect_with, use_state};

use super::{Props, Tool};
use crate::components::dialog::Dialog;
use crate::components::file_picker::file_picker;
use crate::components::icon::{Icon, Shape};
use crate::components::refused::Refused;
use crate::components::shared_file::shape;
use crate::dates::{Dates, use_dates};
use crate::hooks::asking::use_asking;
use crate::sizes::size;
use crate::state::File;
use crate::text::{Text, use_text};

/// A file of the list.
#[derive(Clone, PartialEq)]
struct Listed {
    entry: EntryId,
    author: PersonId,
    at: Millis,
    file: File,
}

/// What is known of them.
#[derive(Clone, Default, PartialEq)]
struct Held {
    files: Vec<Listed>,
    more: bool,
    asked: bool,
}

/// The dialog.
#[component]
pub fn Files(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let asking = use_asking();
    let held = use_state(Held::default);
    let conversation = props.conversation.id;
    let ask = {
        let (asking, held) = (asking.clone(), held.clone());
        Callback::from(move |()| {
            let before = held.files.last().map(|last| last.entry);
            let held = held.clone();
            asking.ask(Request::File(Ask::List { conversation, before }), move |reply| {
                let Reply::File(Told::Files { files, more }) = reply else { return };
                let listed = files.iter().filter_map(|entry| {
                    let (author, at) = (entry.author, entry.at);
                    Some(Listed { entry: entry.id, author, at, file: File::of(entry)? })
                });
                let files = held.files.iter().cloned().chain(listed).collect();
                held.set(Held { files, more, asked: true });
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(conversation, move |_| ask.emit(()));
    }
    let again = ask.reform(|_: MouseEvent| ());
    let assigns = may_assign(&props.conversation.fold, props.me, props.now()).is_ok();
    let assign = props.on_tool.reform(|_: MouseEvent| Some(Tool::Assign));
    html! {
        <Dialog title={text.say("files-title")} name="files-dialog" on_close={props.close()}>
            if props.may_write || assigns {
                <div class="details-buttons">
                    if props.may_write {
                        {file_picker("files-send", "button", &props.on_files, html! {
                            <><Icon shape={Shape::Attach} />{text.say("send-title")}</>
                        })}
                    }
                    if assigns {
                        <button type="button" class="button" data-testid="files-assign"
                            onclick={assign}>{text.say("details-assign")}</button>
                    }
                </div>
            }
            if held.asked && held.files.is_empty() {
                <p class="field-help" data-testid="files-empty">{text.say("files-empty")}</p>
            } else if !held.asked && asking.refused().is_none() {
                <p role="status" data-testid="files-loading">{text.say("files-loading")}</p>
            }
            <ul class="file-list" data-testid="files">
                { for held.files.iter().map(|listed| row(listed, props, &text, &dates)) }
            </ul>
            if let Some(refusal) = asking.refused() {
                <Refused {refusal} {again} />
            } else if held.more {
                <button type="button" class="button" data-testid="files-older" onclick={again}
                    aria-disabled={asking.is_busy().to_string()}>{text.say("files-older")}</button>
            }
        </Dialog>
    }
}

fn row(listed: &Listed, props: &Props, text: &Text, dates: &Dates) -> Html {
    let conversation = &*props.conversation;
    let file = &listed.file.shared;
    let name = file.name.as_str();
    let named = |id: &str| text.say_with(id, &[("name", name.into())]);
    let author = match conversation.person(listed.author) {
        _ if listed.author == props.me => text.say("message-you"),
        Some(card) => card.name.clone(),
        None => text.say("note-somebody"),
    };
    let about = text.say_with(
        "files-about",
        &[
            ("name", author.into()),
            ("when", dates.moment(listed.at).into()),
            ("size", size(file.bytes, text).into()),
        ],
    );
    let shown = file.kind.preview(file.pixels) != Preview::None;
    html! {
        <li key={listed.entry.to_string()} class="file-row" data-testid="listed-file"
            data-file={file.file.to_string()}>
            <Icon shape={shape(file.kind)} />
            <span class="file-words">
                <span class="file-name" data-testid="listed-name" dir="auto">{name}</span>
                <span class="file-size">{about}</span>
                <span class="file-actions">
                    <a class="button button-small" data-testid="listed-download"
                        href={http::file(conversation.id, file.file)} download={name.to_owned()}
                        aria-label={named("file-download-name")}>{text.say("file-download")}</a>
                    if shown {
                        <a class="button button-small" data-testid="listed-open"
                            href={http::file_preview(conversation.id, file.file)}
                            target="_blank" rel="noopener noreferrer"
                            aria-label={named("file-open-name")}>{text.say("file-open")}</a>
                    }
                </span>
            </span>
        </li>
    }
}
