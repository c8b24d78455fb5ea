//! What is left out of a search.

use shared_proto::id::PersonId;
use shared_proto::people::PersonCard;
use shared_proto::search::Filter;
use shared_proto::time::Millis;
use yew::{Callback, Html, MouseEvent, Properties, component, html};

use crate::components::check::Check;
use crate::components::field::Field;
use crate::components::select::Select;
use crate::dates;
use crate::text::use_text;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// When.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum When {
    /// At any time.
    #[default]
    Any,
    /// In the last seven days.
    Week,
    /// In the last thirty.
    Month,
    /// In the last year.
    Year,
    /// Between two days.
    Days,
}

impl When {
    const ALL: [Self; 5] = [Self::Any, Self::Week, Self::Month, Self::Year, Self::Days];

    const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::Days => "days",
        }
    }

    /// How many days back, where that says it.
    const fn days(self) -> Option<u64> {
        match self {
            Self::Week => Some(7),
            Self::Month => Some(30),
            Self::Year => Some(365),
            Self::Any | Self::Days => None,
        }
    }
}

/// What is chosen, as it stands in the form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chosen {
    author: Option<PersonId>,
    when: When,
    /// For so many days back: from when on, as it was chosen.
    since: Option<Millis>,
    /// From this day on, as the browser writes a day; empty for any.
    from: String,
    /// Up to and with this day.
    until: String,
    has_file: bool,
}

impl Chosen {
    /// What it asks for. A day that is not finished is none.
    pub fn filter(&self) -> Filter {
        let (from, until) = match self.when {
            When::Days => (dates::day_begins(&self.from, 0), dates::day_begins(&self.until, 1)),
            _ => (self.since, None),
        };
        Filter { author: self.author, from, until, has_file: self.has_file }
    }

    /// How many are chosen.
    pub fn count(&self) -> u32 {
        let chosen = [self.author.is_some(), self.when != When::Any, self.has_file];
        chosen.into_iter().map(u32::from).sum()
    }
}

/// The choice, and who is told of another.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who searches.
    pub me: PersonCard,
    /// Whom they can choose, by name.
    pub people: Vec<PersonCard>,
    /// What is chosen.
    pub chosen: Chosen,
    /// Called with what is chosen instead.
    pub on_choose: Callback<Chosen>,
}

/// The filters.
#[component]
pub fn Filters(props: &Props) -> Html {
    let text = use_text();
    let chosen = &props.chosen;
    let changed = |change: fn(&mut Chosen, String)| {
        let (chosen, on_choose) = (chosen.clone(), props.on_choose.clone());
        Callback::from(move |value: String| {
            let mut next = chosen.clone();
            change(&mut next, value);
            on_choose.emit(next);
        })
    };
    let mut people = vec![
        (String::new(), text.say("search-anyone")),
        (props.me.id.to_string(), text.say("message-you")),
    ];
    people.extend(props.people.iter().map(|card| (card.id.to_string(), card.name.clone())));
    let times = When::ALL.map(|when| {
        let name = when.name();
        (name.to_owned(), text.say(&format!("search-when-{name}")))
    });
    let on_file = {
        let (chosen, on_choose) = (chosen.clone(), props.on_choose.clone());
        Callback::from(move |has_file| on_choose.emit(Chosen { has_file, ..chosen.clone() }))
    };
    let clear = {
        let on_choose = props.on_choose.clone();
        Callback::from(move |_: MouseEvent| on_choose.emit(Chosen::default()))
    };
    html! {
        <section class="search-filters" aria-label={text.say("search-filters")}>
            <Select name="search-person" label={text.say("search-person")} options={people}
                value={chosen.author.map(|person| person.to_string()).unwrap_or_default()}
                on_choose={changed(|next, value| next.author = value.parse().ok())} />
            <Select name="search-when" label={text.say("search-when")} options={times.to_vec()}
                value={chosen.when.name().to_owned()} on_choose={changed(when_is)} />
            if chosen.when == When::Days {
                <div class="search-days">
                    <Field name="search-from" label={text.say("search-from")} kind="date"
                        autocomplete="off" value={chosen.from.clone()}
                        on_input={changed(|next, value| next.from = value)} />
                    <Field name="search-until" label={text.say("search-until")} kind="date"
                        autocomplete="off" value={chosen.until.clone()}
                        on_input={changed(|next, value| next.until = value)} />
                </div>
            }
            <Check name="search-file" label={text.say("search-file")} on={chosen.has_file}
                on_switch={on_file} />
            if chosen.count() > 0 {
                <button type="button" class="button button-small" data-testid="search-clear"
                    onclick={clear}>{text.say("search-clear")}</button>
            }
        </section>
    }
}

fn when_is(next: &mut Chosen, name: String) {
    next.when = When::ALL.into_iter().find(|when| when.name() == name).unwrap_or_default();
    let back = |days: u64| Millis(dates::now().0.saturating_sub(days * DAY_MS));
    next.since = next.when.days().map(back);
}
