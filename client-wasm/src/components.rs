//! The parts pages are made of: one a file.

pub mod account_menu;
pub mod announcer;
pub mod avatar;
pub mod banner;
pub mod check;
pub mod composer;
pub mod confirm;
pub mod conversation_header;
pub mod conversation_pane;
pub mod field;
pub mod icon;
pub mod inbox_pane;
pub mod inbox_row;
pub mod left_behind;
pub mod message_menu;
pub mod message_row;
pub mod message_text;
pub mod quick_exit;
pub mod refused;
pub mod sections;
pub mod select;
pub mod sheet;
pub mod thread_view;
pub mod typing_line;
