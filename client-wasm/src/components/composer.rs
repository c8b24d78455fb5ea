//! Where a message is written.

use std::rc::Rc;

use gloo::events::EventListener;
use shared_proto::conversation::decide::message_text;
use shared_proto::id::ConversationId;
use shared_proto::limits::MESSAGE_SCALARS;
use shared_proto::refusal::{Refusal, Rule};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, File, HtmlTextAreaElement};
use yew::{
    Callback, Event, Html, InputEvent, KeyboardEvent, MouseEvent, Properties, SubmitEvent,
    TargetCast, component, html, use_effect_with, use_node_ref,
};

use crate::browser;
use crate::components::file_picker::file_picker;
use crate::components::icon::{Icon, Shape};
use crate::hooks::store::use_dispatch;
use crate::pages::tools::Tool;
use crate::state::Action;
use crate::text::use_text;

/// From here on the characters left are counted.
const COUNT_FROM: usize = 7_500;

/// Where.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The conversation.
    pub conversation: ConversationId,
    /// What it is called.
    pub title: String,
    /// What stands here.
    pub draft: Option<Rc<str>>,
    /// Whether anything may be written here, by the rule.
    pub may_write: Result<(), Refusal>,
    /// Whose message it answers, and how that begins.
    pub replying: Option<(String, Rc<str>)>,
    /// Whether saved replies are at hand: for providers.
    pub replies: bool,
    /// Opens a tool.
    pub on_tool: Callback<Tool>,
    /// Called with files that are to be sent.
    pub on_files: Callback<Vec<File>>,
}

/// The text field and its button.
#[component]
pub fn Composer(props: &Props) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let area = use_node_ref();
    let conversation = props.conversation;
    let draft = props.draft.as_deref().unwrap_or_default();
    let length = draft.trim().chars().count();
    let closed = props.may_write.err();
    let rule = closed.or_else(|| message_text(draft).err());
    let limit = *MESSAGE_SCALARS.end();
    let reason = match rule {
        Some(Refusal::Invalid { rule: Rule::TooLong { .. }, .. }) => {
            let over = length - limit;
            Some(text.say_with("composer-too-long", &[("over", over.into())]))
        }
        Some(Refusal::Invalid { rule: Rule::Empty, .. }) => Some(text.say("composer-empty")),
        Some(refusal) => Some(text.refusal(&refusal)),
        None => None,
    };
    let too_long = length > limit && closed.is_none();
    {
        let area = area.clone();
        use_effect_with(props.draft.clone(), move |_| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                fit(&area);
            }
        });
    }
    {
        // A phone that is turned, a window that is drawn wider.
        let area = area.clone();
        use_effect_with((), move |()| {
            let listener = EventListener::new(&browser::window(), "resize", move |_| {
                if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                    fit(&area);
                }
            });
            move || drop(listener)
        });
    }
    {
        // A person who points with a finger reads first; a keyboard would cover half the page.
        let area = area.clone();
        use_effect_with(conversation, move |_| {
            // One that is closed has nothing to take it for.
            if !browser::is_touch()
                && closed.is_none()
                && let Some(area) = area.cast::<HtmlTextAreaElement>()
            {
                // A text field in the document takes the focus.
                let _ = area.focus();
            }
        });
    }
    let oninput = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| {
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            dispatch.send(Action::Draft(conversation, area.value()));
        })
    };
    let submit = {
        let (area, dispatch) = (area.clone(), dispatch.clone());
        Callback::from(move |()| {
            let Some(area) = area.cast::<HtmlTextAreaElement>() else { return };
            // What stands in the field counts: the last key may not have been drawn yet.
            let words = area.value();
            if closed.is_none() && message_text(&words).is_ok() {
                dispatch.send(Action::Draft(conversation, words));
                dispatch.send(Action::Submit(conversation, browser::random_id()));
                // At once: until the composer is drawn again, a second press would send it twice.
                area.set_value("");
                fit(&area);
            }
            let _ = area.focus();
        })
    };
    // A keyboard on glass has no Shift and Enter: there the button sends.
    let touch = browser::is_touch();
    let onkeydown = {
        let submit = submit.clone();
        Callback::from(move |event: KeyboardEvent| {
            let enter = event.key() == "Enter" && !event.shift_key() && !touch;
            if enter && !browser::composes(&event) {
                event.prevent_default();
                submit.emit(());
            }
        })
    };
    let onsubmit = {
        let submit = submit.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            submit.emit(());
        })
    };
    let later = props.on_tool.reform(|_: MouseEvent| Tool::Later);
    let replies = props.on_tool.reform(|_: MouseEvent| Tool::Replies);
    let no_reply = Callback::from(move |_: MouseEvent| {
        dispatch.send(Action::Reply(conversation, None));
        browser::focus("[data-testid=composer]");
    });
    let onpaste = {
        let on_files = props.on_files.clone();
        Callback::from(move |event: Event| {
            let data = event.unchecked_ref::<ClipboardEvent>().clipboard_data();
            let has = |kind| browser::carries(data.as_ref(), kind);
            // An office program puts a picture of its words beside them.
            let words = has("text/plain") && has("text/html");
            let files = browser::files(data.as_ref().and_then(web_sys::DataTransfer::files));
            if closed.is_none() && !words && !files.is_empty() {
                event.prevent_default();
                on_files.emit(files);
            }
        })
    };
    // Keeps the focus, and a phone's keyboard, where it is.
    let keep = Callback::from(|event: MouseEvent| event.prevent_default());
    let left = limit.saturating_sub(length);
    // What was written before stays, to be read and copied.
    let (placeholder, described) = if closed.is_some() {
        ("composer-closed", "composer-reason")
    } else {
        ("composer-placeholder", "composer-hint")
    };
    html! {
        <form class="composer" {onsubmit}>
            <div class="composer-notes" aria-live="polite">
                if let Some(refusal) = closed {
                    <p class="composer-closed" data-testid="composer-closed"
                        data-rule={refusal.rule()}>{text.refusal(&refusal)}</p>
                } else if too_long {
                    <p class="composer-reason" data-testid="counter">
                        {reason.clone().unwrap_or_default()}
                    </p>
                } else if length >= COUNT_FROM {
                    <p data-testid="counter">
                        {text.say_with("composer-left", &[("left", left.into())])}
                    </p>
                }
            </div>
            if let Some((name, words)) = &props.replying {
                <div class="composer-reply" data-testid="replying">
                    <p dir="auto">
                        <span class="quoted-name">
                            {text.say_with("composer-replying", &[("name", name.as_str().into())])}
                        </span>
                        <span class="quoted-words">{words.to_string()}</span>
                    </p>
                    <button type="button" class="icon-button" data-testid="reply-cancel"
                        aria-label={text.say("composer-reply-cancel")} onclick={no_reply}>
                        <Icon shape={Shape::Close} />
                    </button>
                </div>
            }
            <div class="composer-box" data-closed={closed.is_some().to_string()}>
                if closed.is_none() {
                    {file_picker("attach", "icon-button", &props.on_files, html! {
                        <span title={text.say("attach")}>
                            <Icon shape={Shape::Attach} />
                            <span class="visually-hidden">{text.say("attach")}</span>
                        </span>
                    })}
                }
                <textarea ref={area} rows="1" data-testid="composer" dir="auto"
                    aria-label={text.say_with("composer-label", &[("name", props.title.as_str().into())])}
                    aria-describedby={described} aria-invalid={too_long.then_some("true")}
                    placeholder={text.say(placeholder)} readonly={closed.is_some()} enterkeyhint={if touch { "enter" } else { "send" }}
                    autocomplete="off" value={draft.to_owned()} {oninput} {onkeydown} {onpaste} />
                if props.replies && closed.is_none() {
                    <button type="button" class="icon-button" data-testid="saved-replies"
                        title={text.say("composer-replies")} aria-haspopup="dialog"
                        onclick={replies}>
                        <span>
                            <Icon shape={Shape::Saved} />
                            <span class="visually-hidden">{text.say("composer-replies")}</span>
                        </span>
                    </button>
                }
                if rule.is_none() {
                    <button type="button" class="icon-button" data-testid="send-later"
                        title={text.say("composer-later")} aria-haspopup="dialog" onclick={later}>
                        <span>
                            <Icon shape={Shape::Clock} />
                            <span class="visually-hidden">{text.say("composer-later")}</span>
                        </span>
                    </button>
                }
                <button type="submit" class="send" data-testid="send"
                    aria-disabled={rule.is_some().to_string()}
                    aria-describedby={rule.is_some().then_some("composer-reason")}
                    title={reason.clone()} onmousedown={keep}>
                    <Icon shape={Shape::Send} />
                    <span class="visually-hidden">{text.say("composer-send")}</span>
                </button>
            </div>
            <p class="visually-hidden" id="composer-hint">
                {if touch { text.say("composer-hint-touch") } else { text.say("composer-hint") }}
            </p>
            <p class="visually-hidden" id="composer-reason" data-testid="composer-reason">
                {reason.unwrap_or_default()}
            </p>
        </form>
    }
}

/// Grows with its text; the stylesheet sets the limit.
fn fit(area: &HtmlTextAreaElement) {
    browser::set_style(area, "height", "auto");
    browser::set_style(area, "height", &format!("{}px", area.scroll_height()));
}
