//! The Quietroom server: a hub of durable rooms.
//!
//! A message's way: `socket` (read, bound, decode) → `hub` (find the room) → `room` (decide,
//! commit, fan out) → `socket` of everyone who may see it. `store` makes it durable in between.
//! `docs/ARCHITECTURE.md` is the map.

pub mod admin;
pub mod app;
pub mod arrival;
pub mod attachments;
pub mod audit;
pub mod auth;
pub mod blobs;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod desk;
pub mod directory;
pub mod faults;
pub mod fhir;
pub mod files;
pub mod fluent;
pub mod forms;
pub mod http;
pub mod hub;
pub mod later;
pub mod links;
pub mod logging;
pub mod mail;
pub mod metrics;
pub mod notices;
pub mod office;
pub mod practice;
pub mod rates;
pub mod record;
pub mod redirect;
pub mod room;
pub mod router;
pub mod search;
pub mod seed;
pub mod serve;
pub mod settings;
pub mod socket;
pub mod store;
pub mod transfers;
pub mod wary;
pub mod zone;
