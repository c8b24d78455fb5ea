//! Line icons, drawn in the colour of their text. Decoration: each stands beside words or in a
//! labelled button.

use yew::{Html, Properties, component, html};

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An arrow to the left.
    Back,
    /// A pen.
    Compose,
    /// A paper plane.
    Send,
    /// An arrow down.
    Down,
    /// Three dots.
    More,
    /// A cross.
    Close,
    /// A tick.
    Tick,
    /// Two ticks.
    Ticks,
    /// A clock.
    Clock,
    /// A warning.
    Alert,
    /// Two speech bubbles.
    Bubbles,
    /// A cloud, struck through.
    Offline,
    /// A magnifying glass.
    Search,
    /// Two people.
    People,
    /// A house.
    Practice,
    /// Two sliders.
    Settings,
    /// A plus.
    Add,
    /// A door and an arrow out of it.
    Leave,
    /// A page with a corner turned down.
    Saved,
    /// An eye.
    Seen,
    /// The product's own sign.
    Sign,
    /// A paper clip.
    Attach,
    /// A sheet of paper.
    Page,
    /// A picture.
    Picture,
    /// A loudspeaker.
    Sound,
    /// A film.
    Film,
}

impl Shape {
    const fn path(self) -> &'static str {
        match self {
            Self::Back => "M14.500 5.500 8 12l6.500 6.500",
            Self::Compose => "M4 20h16M5 16.500 15.500 6l2.800 2.800L7.800 19.300H5z",
            Self::Send => "M5 12 4 4.800 20.500 12 4 19.200zM5 12h7.500",
            Self::Down => "M12 5v13M6.500 12.500 12 18l5.500-5.500",
            Self::More => "M5.500 12h.01M12 12h.01M18.500 12h.01",
            Self::Close => "M6.500 6.500l11 11M17.500 6.500l-11 11",
            Self::Tick => "M5.500 12.500l4.500 4.500 9-10",
            Self::Ticks => "M2.500 12.500 7 17l8.500-10M11.500 15.500 13 17l8.500-10",
            Self::Clock => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4.500l3 1.500",
            Self::Alert => "M12 4 2.800 19.500h18.400zM12 10v4.500M12 17.200h.01",
            Self::Bubbles => {
                "M4 5h11a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H9l-4 3v-3H4a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2\
                 M20 9.500a2 2 0 0 1 2 2v4.500a2 2 0 0 1-2 2h-1v2.500L15.500 18H12"
            }
            Self::Offline => {
                "M3.500 3.500l17 17M7 8.500a5 5 0 0 0-.500 9.900H17M9.500 6.300A6 6 0 0 1 17.500 10\
                 a4.200 4.200 0 0 1 2.900 7"
            }
            Self::Search => "M10.500 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12M15 15l5 5",
            Self::People => {
                "M9 5a3.200 3.200 0 1 0 0 6.400A3.200 3.200 0 0 0 9 5M2.800 19a6.200 6.200 0 0 1 12.400 0\
                 M15.500 5.300a3.200 3.200 0 0 1 0 5.800M17.500 13.600A6.200 6.200 0 0 1 21.200 19"
            }
            Self::Practice => "M3.500 11 12 4l8.500 7M6 9.500V20h12V9.500M10 20v-5.500h4V20",
            Self::Settings => {
                "M4 8h9M18.500 8H20M4 16h1.500M11 16h9M15.500 5.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5\
                 M8.300 13.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5"
            }
            Self::Add => "M12 5.500v13M5.500 12h13",
            Self::Leave => "M13 4.500H6v15h7M10 12h10.500M17 8.500l3.500 3.500-3.500 3.500",
            Self::Saved => {
                "M6.500 4h7L18 8.500V20H6.500zM13.500 4v4.500H18M9.500 12.500h5M9.500 16h5"
            }
            Self::Seen => {
                "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12\
                 M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6"
            }
            Self::Sign => {
                "M6 4.500h12a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3h-5.500L8 20v-3.500H6a3 3 0 0 1-3-3v-6\
                 a3 3 0 0 1 3-3M8 9h8M8 12.500h5"
            }
            Self::Attach => {
                "M19.500 11.500l-7.800 7.800a5 5 0 0 1-7-7l8.500-8.500a3.300 3.300 0 0 1 4.700 4.700                 l-8.400 8.400a1.600 1.600 0 0 1-2.300-2.300l7.600-7.600"
            }
            Self::Page => {
                "M6 3.500h8l4.500 4.500v12.500H6zM13.500 3.500v5h5M9 13h6.500M9 16.500h4.500"
            }
            Self::Picture => {
                "M3.500 5h17v14h-17zM4 17l5-5 4 4 2.500-2.500L20 18M15.500 8a1.200 1.200 0 1 0 0 2.400                 1.200 1.200 0 0 0 0-2.400"
            }
            Self::Sound => {
                "M4 9.500h3.500L12 5.500v13l-4.500-4H4zM15.500 9a4.500 4.500 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11"
            }
            Self::Film => "M3.500 6h12v12h-12zM15.500 11l5-3v8l-5-3z",
        }
    }
}

/// Which icon to draw.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub shape: Shape,
}

/// An icon.
#[component]
pub fn Icon(props: &Props) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none"
            stroke="currentColor" stroke-width="1.8" stroke-linecap="round"
            stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d={props.shape.path()} />
        </svg>
    }
}
