//! Why the server closes a socket: WebSocket close codes (RFC 6455, 7.4; 4000 and above are ours).

/// The server is stopping; come back.
pub const GOING_AWAY: u16 = 1001;
/// A frame that does not decode or is of the wrong type, or frames without end beyond the rate.
pub const MALFORMED: u16 = 1008;
/// A frame over the limit.
pub const TOO_BIG: u16 = 1009;
/// The session ended: signed out, expired, or the person was disabled.
pub const SESSION_ENDED: u16 = 4401;
/// Portal access of this client was switched off.
pub const PORTAL_OFF: u16 = 4403;
/// Nobody was active for too long: the session is locked until the password is entered.
pub const LOCKED: u16 = 4423;
/// The reader was too slow; resume.
pub const TOO_SLOW: u16 = 4408;
/// Too many sockets of one person.
pub const TOO_MANY_SOCKETS: u16 = 4429;
