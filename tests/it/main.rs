//! What Quietroom does, seen from outside: a real server process, real sockets, real browsers. One
//! file a behaviour; the names of the tests are sentences. `QUIETROOM_LONG` asks for the counts of
//! the long suite.

#![allow(clippy::unwrap_used, reason = "a test says why it failed by where it failed")]

mod audit;
mod backup;
mod bill;
mod browser;
mod canary;
mod chat;
mod clock;
mod codes;
mod conversations;
mod damage;
mod desk;
mod documents;
mod durable;
mod email_change;
mod factors;
mod files;
mod forms;
mod full;
mod fuzz;
mod given;
mod handshake;
mod health;
mod history;
mod idle;
mod inbox;
mod invite;
mod key;
mod kill;
mod lengths;
mod limits;
mod load;
mod lock;
mod mail;
mod matrix;
mod metrics;
mod notices;
mod observatory;
mod office;
mod origin;
mod people_cli;
mod power;
mod presence;
mod proxy;
mod record;
mod redirect;
mod relay;
mod reset;
mod resume;
mod sealed;
mod search;
mod security_log;
mod session;
mod set_up;
mod slow;
mod stop;
mod storm;
mod timing;
mod tls;
mod weight;
