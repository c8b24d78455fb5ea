//! Every bound of the product, in one place (invariant 7). Sizes are in bytes unless named
//! otherwise.

/// Subprotocol of the WebSocket; another version is another name.
pub const SUBPROTOCOL: &str = "quietroom.v1";

/// Largest WebSocket frame and message, both directions.
pub const FRAME_BYTES: usize = 64 * 1024;
/// Entries in one page.
pub const PAGE_ENTRIES: usize = 50;
/// Encoded entries of one page.
pub const PAGE_BYTES: usize = 48 * 1024;
/// Inbox rows in one page.
pub const INBOX_ROWS: usize = 50;

/// Shortest and longest text of a message, in Unicode scalars, after trimming.
pub const MESSAGE_SCALARS: std::ops::RangeInclusive<usize> = 1..=8_000;
/// Participants of a conversation besides its host.
pub const PARTICIPANTS: std::ops::RangeInclusive<usize> = 1..=25;
/// Members of a conversation: participants and host.
pub const MEMBERS: usize = 26;
/// Memberships of a conversation over all time, those that ended among them: so many fit its
/// header, and rows of an inbox.
pub const MEMBERSHIPS: usize = 40;
/// How far ahead a session may be set, in milliseconds: two years.
pub const AHEAD_MS: u64 = 2 * 366 * 24 * 60 * 60 * 1_000;
/// How long ago the start of a session may be that begins at once, in milliseconds: so long a form
/// may lie open after the time was picked in it.
pub const LATE_START_MS: u64 = 15 * 60 * 1_000;
/// A person's display name, in Unicode scalars, after trimming.
pub const NAME_SCALARS: std::ops::RangeInclusive<usize> = 1..=100;
/// An email address (RFC 5321, 4.5.3.1.3 allows a path of 256 with its brackets).
pub const EMAIL_BYTES: std::ops::RangeInclusive<usize> = 3..=254;
/// A password, in Unicode scalars (NIST SP 800-63B-4: 15 without a second factor, at least 64
/// accepted).
pub const PASSWORD_SCALARS: std::ops::RangeInclusive<usize> = 15..=256;
/// What the people search takes, in Unicode scalars.
pub const QUERY_SCALARS: usize = 100;
/// People one search answers with.
pub const PEOPLE_FOUND: usize = 20;
/// Text of the last message an inbox row shows, in Unicode scalars.
pub const PREVIEW_SCALARS: usize = 140;
/// Body of an entry an inbox row shows; of a larger one it says that there is something.
pub const PREVIEW_BYTES: usize = 1_536;
/// What stands in a composer, in Unicode scalars: what is longer than a message can be shortened.
pub const DRAFT_SCALARS: usize = 12_000;
/// How long something can be undone, in milliseconds.
pub const UNDO_MS: u64 = 10_000;
/// What of one person may wait to be decided in one conversation.
pub const PENDING_COMMANDS: usize = 20;
/// How long it is known by its id that something was decided, or called back, in milliseconds.
pub const SETTLED_MS: u64 = 24 * 60 * 60 * 1_000;
/// What of one person in one conversation is known so at a time, the newest.
pub const SETTLED: usize = 64;
/// What may wait to be decided of everyone, read at a time.
pub const PENDING_PAGE: usize = 64;

/// Entries one page of a search answers with.
pub const SEARCH_HITS: usize = 20;
/// Entries a searcher sees that are read for one page of a search; what is beyond is asked for
/// again.
pub const SEARCH_READ: usize = 512;
/// From one beat to the next that the answer to a search leaves at, in milliseconds.
pub const SEARCH_BEAT_MS: u64 = 5;
/// Entries one room is asked for at a time by a search.
pub const SEARCH_ASKED: usize = 64;
/// Searches under way over all people; others wait.
pub const SEARCHES: usize = 4;
/// Searches one person may have waiting or under way.
pub const SEARCHES_PER_PERSON: usize = 4;
/// What is shown of an entry that was found, in Unicode scalars.
pub const SNIPPET_SCALARS: usize = 160;
/// A word as it is searched, in Unicode scalars: of a longer one its beginning.
pub const TERM_SCALARS: usize = 40;
/// A piece of a search index takes no further entry above this. Who looks for two words has every
/// piece read that holds both, in whatever entries: of small ones there are few, each is one record,
/// and a search ends early among them.
pub const SEGMENT_BYTES: usize = 2 * 1024;
/// What says which words a piece of a search index cannot hold.
pub const SIEVE_BYTES: usize = 3_584;
/// Entries of one conversation taken into the search index at a time.
pub const INDEXED_ENTRIES: usize = 1_024;
/// Conversations taken into the search index at a time.
pub const INDEXED_CONVERSATIONS: usize = 256;
/// Conversations known to be behind in the search index; when there are more, all are looked at.
pub const INDEX_BEHIND: usize = 65_536;
/// How long what is new gathers before it is taken into the search index, in milliseconds.
pub const INDEX_EVERY_MS: u64 = 400;
/// So many entries a second are a crowd's: while they come, what is new gathers for longer.
pub const INDEX_CROWD_PER_SECOND: u64 = 200;
/// The longest it does, in milliseconds: what is written is found within two seconds.
pub const INDEX_LATEST_MS: u64 = 1_600;
/// How long a search waits at most for what has been gathering for longer, in milliseconds.
pub const INDEX_ASKED_MS: u64 = 200;
/// What may stay in memory of search indexes, once for what pieces can hold, once for the pieces.
pub const INDEX_CACHE_BYTES: usize = 48 * 1024 * 1024;

/// Unanswered requests of one socket.
pub const REQUESTS_PENDING: usize = 64;
/// Conversations one `Resume` lists.
pub const RESUME_CONVERSATIONS: usize = 64;
/// Conversations one `Rows` asks for: so many of the largest rows fit one frame.
pub const ROWS_ASKED: usize = 2;
/// Entries a resuming client may be behind; further behind it starts over. A message that may have
/// been sent before is looked for among as many after what its sender held.
pub const RESUME_ENTRIES: usize = 500;
/// Entries looked at for the oldest message that waits for an answer: what has waited for longer than
/// these go back counts as the oldest of them.
pub const PROMISE_ENTRIES: usize = 500;
/// Entries that answer one `Resume`, or wait for its socket before it: half of what may wait. What
/// is beyond them is asked for again.
pub const RESUME_BYTES: usize = SOCKET_QUEUE_BYTES / 2;

/// Bytes waiting for one socket before it is cut.
pub const SOCKET_QUEUE_BYTES: usize = 1024 * 1024;
/// Silence after which a socket is taken for dead, in milliseconds.
pub const SOCKET_SILENCE_MS: u64 = 35_000;
/// How often the server pings, in milliseconds.
pub const SOCKET_PING_MS: u64 = 15_000;
/// Frames beyond the rate one socket may send before it is cut, not counting those made up for.
pub const SOCKET_EXCESS_FRAMES: u32 = 256;
/// Frames beyond the rate that one within it makes up for: whoever is merely impatient is told to
/// wait and not cut.
pub const SOCKET_EXCESS_FORGIVEN: u32 = 8;
/// Sockets one person may hold.
pub const SOCKETS_PER_PERSON: usize = 16;
/// Conversations one socket may watch at a time.
pub const WATCHED_PER_SOCKET: usize = 64;

/// Commands waiting for one room.
pub const ROOM_MAILBOX: usize = 256;
/// Messages one room commits at a time.
pub const ROOM_BATCH_ENTRIES: usize = 64;
/// Encoded entries one room commits at a time, so that they also fit one frame.
pub const ROOM_BATCH_BYTES: usize = 40 * 1024;
/// Rooms held in memory.
pub const ROOMS: usize = 50_000;
/// A room nobody watches leaves memory after this silence, in milliseconds.
pub const ROOM_IDLE_MS: u64 = 60_000;
/// Recent sends a room remembers to recognise a retry without reading the store.
pub const ROOM_RECENT: usize = 512;
/// Cursors are stored and shown at most this often, in milliseconds.
pub const CURSOR_MS: u64 = 1_000;
/// Age at which the sort key of an inbox row is renewed, in milliseconds.
pub const INBOX_ROW_MS: u64 = 60_000;

/// Key and value of one stored record (sled keeps larger ones where a sync does not reach).
pub const RECORD_BYTES: usize = 4 * 1024;
/// Operations in one batch of the engine.
pub const ENGINE_BATCH_OPERATIONS: usize = 500;
/// Batches waiting for the committer.
pub const COMMIT_QUEUE: usize = 8_192;

/// How long a typing mark stays, in milliseconds.
pub const TYPING_MS: u64 = 6_000;
/// How often a client repeats its typing mark, in milliseconds.
pub const TYPING_REPEAT_MS: u64 = 3_000;

/// A telephone number, in characters, after trimming.
pub const PHONE_SCALARS: std::ops::RangeInclusive<usize> = 3..=40;
/// The number of a client's chart, in Unicode scalars.
pub const CHART_NUMBER_SCALARS: std::ops::RangeInclusive<usize> = 1..=40;
/// One detail of a client's chart, in Unicode scalars.
pub const DETAIL_SCALARS: usize = 200;
/// The name of a division, in Unicode scalars.
pub const DIVISION_SCALARS: std::ops::RangeInclusive<usize> = 1..=60;
/// Divisions of a practice.
pub const DIVISIONS: usize = 40;
/// Providers a client is assigned to.
pub const ASSIGNED: usize = 20;
/// Rows of one page of people.
pub const PEOPLE_ROWS: usize = 50;
/// A reason somebody gives, in Unicode scalars.
pub const REASON_SCALARS: std::ops::RangeInclusive<usize> = 10..=200;
/// An announcement, in graphemes (O8) and bytes.
pub const ANNOUNCEMENT_GRAPHEMES: usize = 120;
/// An announcement, in bytes.
pub const ANNOUNCEMENT_BYTES: usize = 1_024;
/// Minutes without activity before a screen is locked (164.312(a)(2)(iii)).
pub const IDLE_MINUTES: std::ops::RangeInclusive<u16> = 1..=60;
/// Hours a session lasts at most.
pub const SESSION_HOURS: std::ops::RangeInclusive<u16> = 1..=24;
/// Emergency grants of one conversation at a time; ended ones make room for new ones.
pub const GRANTS: usize = 4;
/// How long an emergency grant lasts, in milliseconds.
pub const EMERGENCY_MS: u64 = 60 * 60 * 1_000;
/// Devices one person may be signed in on; the one least lately used is signed out.
pub const DEVICES: usize = 32;
/// How often a client says that its person is there, in milliseconds.
pub const ACTIVE_EVERY_MS: u64 = 20_000;

/// How long to wait before a letter that was not taken is tried again, in milliseconds; doubles.
pub const MAIL_RETRY_MS: u64 = 60_000;
/// Longest wait between two tries, in milliseconds.
pub const MAIL_LONGEST_WAIT_MS: u64 = 4 * 60 * 60 * 1_000;
/// How long a letter is tried before it is given up, in milliseconds.
pub const MAIL_KEPT_MS: u64 = 24 * 60 * 60 * 1_000;
/// Waiting letters read at a time.
pub const MAIL_PAGE: usize = 64;
/// Outcomes of letters kept for whoever waits for one; older ones are missed.
pub const MAIL_OUTCOMES: usize = 64;
/// A password beside a second factor, in Unicode scalars (NIST SP 800-63B-4, 3.1.1.2: 8).
pub const PASSWORD_WITH_FACTOR_SCALARS: std::ops::RangeInclusive<usize> = 8..=256;
/// The least strength of a new password, on zxcvbn's scale of 0 to 4.
pub const PASSWORD_SCORE: u8 = 3;
/// Characters of a password whose strength is looked at: the work grows with their square.
pub const PASSWORD_JUDGED_SCALARS: usize = 100;
/// Passkeys of one person.
pub const PASSKEYS: usize = 5;
/// What a passkey is called, in Unicode scalars.
pub const PASSKEY_NAME_SCALARS: std::ops::RangeInclusive<usize> = 1..=60;
/// One passkey as it is stored, so that it fits a record with its name, key and seal.
pub const PASSKEY_BYTES: usize = 3 * 1024;
/// What a browser answers when a passkey is made or used.
pub const PASSKEY_RESPONSE_BYTES: usize = 32 * 1024;
/// Recovery codes made at a time.
pub const RECOVERY_CODES: usize = 10;
/// How long the second step of signing in, or setting a factor up, may take, in milliseconds.
pub const PENDING_MS: u64 = 5 * 60 * 1_000;
/// Steps under way over all people.
pub const PENDING: usize = 10_000;
/// Steps under way of one person; the oldest goes.
pub const PENDING_PER_PERSON: usize = 8;
/// Records one page of the audit log holds.
pub const AUDIT_ROWS: usize = 50;
/// Accesses one page holds.
pub const ACCESS_ROWS: usize = 50;
/// Detail of an audit record, in Unicode scalars.
pub const AUDIT_DETAIL_SCALARS: usize = 200;
/// Stored values of the audit log one request reads at most.
pub const AUDIT_BLOCKS_READ: usize = 1_024;
/// Audit records one batch of the store carries at most.
pub const AUDIT_BATCH: usize = 64;
/// Conversations a socket remembers to have opened; one opened longer ago is recorded once more.
pub const OPENED_PER_SOCKET: usize = 256;
/// Records the command line shows at a time.
pub const AUDIT_SHOWN: usize = 1_000;
/// How long an invitation can be accepted, in milliseconds.
pub const INVITATION_MS: u64 = 7 * 24 * 60 * 60 * 1_000;
/// How long a link to a new password, or to another email, is good for, in milliseconds.
pub const RESET_MS: u64 = 60 * 60 * 1_000;
/// Who asks within this for the change of email they have just asked for asks the same again, in
/// milliseconds: a device that lost its line before the answer came.
pub const ASKED_AGAIN_MS: u64 = 60 * 1000;
/// Letters with a link that one address is sent in a quarter of an hour: so many that strangers ask
/// for, and so many that those who are signed in have sent.
pub const LETTERS_PER_EMAIL: u32 = 3;
/// Links to a new password that one person has at a time: all they can be sent while the first
/// is good, with twice [`LETTERS_PER_EMAIL`] in each quarter of an hour that touches [`RESET_MS`].
pub const RESET_LINKS: usize = 30;
/// Letters with a link that one person has sent in a quarter of an hour.
pub const LETTERS_PER_PERSON: u32 = 60;
/// Requests for a new password from one network in a quarter of an hour.
pub const RESETS_PER_NETWORK: u32 = 30;
/// Requests about links from one network in a quarter of an hour.
pub const LINKS_PER_NETWORK: u32 = 300;
/// Passwords judged while they are typed, for one link or session in a quarter of an hour.
pub const JUDGED_PER_TOKEN: u32 = 600;
/// Passwords judged while they are typed, for one network in a quarter of an hour.
pub const JUDGED_PER_NETWORK: u32 = 3_000;

/// A form as it is encoded: it travels in one frame, and the store splits it over its records.
pub const FORM_BYTES: usize = 24 * 1024;
/// All answers to one form as they are encoded.
pub const ANSWERS_BYTES: usize = 24 * 1024;
/// Items of a form, headings among them.
pub const FORM_ITEMS: usize = 100;
/// Choices of one item.
pub const FORM_CHOICES: usize = 40;
/// The title of a form, in Unicode scalars.
pub const FORM_TITLE_SCALARS: usize = 120;
/// What a form says of itself at its head, in Unicode scalars.
pub const FORM_DESCRIPTION_SCALARS: usize = 2_000;
/// What an item asks, and the heading of a section, in Unicode scalars.
pub const FORM_LABEL_SCALARS: usize = 500;
/// The help of an item, in Unicode scalars.
pub const FORM_HELP_SCALARS: usize = 500;
/// A note: text to read between the questions, in Unicode scalars.
pub const FORM_NOTE_SCALARS: usize = 4_000;
/// What somebody signs, in Unicode scalars.
pub const FORM_STATEMENT_SCALARS: usize = 2_000;
/// One choice, in Unicode scalars.
pub const FORM_CHOICE_SCALARS: usize = 200;
/// A short name: an end of a scale, the unit of a number, a score, one of its bands; in Unicode
/// scalars.
pub const FORM_NAME_SCALARS: usize = 60;
/// What the reader is told of an answer they are alerted to, in Unicode scalars.
pub const FORM_ALERT_SCALARS: usize = 200;
/// Scores of one form.
pub const FORM_SCORES: usize = 8;
/// Bands of one score.
pub const FORM_BANDS: usize = 10;
/// Points of one choice, either way from nothing.
pub const FORM_POINTS: u16 = 1_000;
/// The ends of a scale, either way from nothing.
pub const FORM_SCALE: u16 = 100;
/// Digits after the decimal point of a number.
pub const FORM_DECIMALS: u8 = 4;
/// A number in a form, either way from nothing: fits a FHIR integer (32 bits), and with its
/// decimals the 15 digits that every JSON reader keeps.
pub const FORM_NUMBER: i64 = 1_000_000_000;
/// Forms of a practice, those that came along and are its own among them.
pub const FORMS: usize = 500;
/// Versions of a form.
pub const FORM_VERSIONS: u32 = 1_000;
/// Forms of one page of their list.
pub const FORM_ROWS: usize = 50;
/// What is named at a time as wrong with a form, or with answers.
pub const FORM_PROBLEMS: usize = 200;
/// Forms assigned in a conversation that are not submitted yet.
pub const FORMS_OPEN: usize = 200;
/// Assigned forms of one page of a conversation's.
pub const ASSIGNMENT_ROWS: usize = 50;
/// An answer of one line, in Unicode scalars.
pub const ANSWER_LINE_SCALARS: usize = 200;
/// An answer of several lines, in Unicode scalars.
pub const ANSWER_TEXT_SCALARS: usize = 4_000;
/// A file, in bytes.
pub const FILE_BYTES: std::ops::RangeInclusive<u64> = 1..=25 * 1024 * 1024;
/// What is sealed and kept of a file at a time, in bytes; its last chunk may have fewer.
pub const FILE_CHUNK_BYTES: usize = 256 * 1024;
/// Chunks of the largest file.
pub const FILE_CHUNKS: u32 = (*FILE_BYTES.end()).div_ceil(FILE_CHUNK_BYTES as u64) as u32;
/// What a file is called, in Unicode scalars, with its extension.
pub const FILE_NAME_SCALARS: usize = 120;
/// The same in bytes: Windows, macOS and Linux keep 255, and a browser adds a number to a name it
/// has already.
pub const FILE_NAME_BYTES: usize = 240;
/// Bytes of all files one client has sent, unless the operator sets another quota.
pub const FILES_PER_CLIENT_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// The same of an owner or provider.
pub const FILES_PER_PROVIDER_BYTES: u64 = 20 * 1024 * 1024 * 1024;
/// What a file counts of these at least: its records, its headers and its place on the disk or on an
/// S3 server are there however small it is, and who lists the files of a conversation looks at each.
/// A client's quota is 32,768 files at most.
pub const FILE_COUNTED_BYTES: u64 = 64 * 1024;
/// Files looked at in one go, of a conversation whose files are listed.
pub const FILES_LOOKED_AT: usize = 256;
/// Pixels of a picture that is shown as a preview: decoded they take four bytes each.
pub const PREVIEW_PIXELS: u64 = 64_000_000;
/// Pixels of its longer side: what browsers draw without a detour.
pub const PREVIEW_SIDE: u32 = 16_384;
/// Files being sent at a time. Each takes less than 1 MiB of memory.
pub const UPLOADS: usize = 64;
/// Of these, those of clients together: a quarter is kept for owners and providers, whatever clients
/// do on lines that are slow or say that they are.
pub const UPLOADS_OF_CLIENTS: usize = UPLOADS / 4 * 3;
/// Files one person sends at a time.
pub const UPLOADS_PER_PERSON: usize = 4;
/// Files one person has begun to send in one conversation and nobody has been shown.
pub const UPLOADS_WAITING: usize = 32;
/// How long such a file is kept, in milliseconds.
pub const UPLOAD_KEPT_MS: u64 = 24 * 60 * 60 * 1_000;
/// Longest an upload or a download may take for [`FILE_MOVES_BYTES`], in milliseconds.
pub const FILE_STALL_MS: u64 = 30_000;
/// What counts as getting on: less in that time, and the line is cut.
pub const FILE_MOVES_BYTES: usize = 4 * 1024;
/// The least that an upload, a download or a record moves in a second, on average since it began:
/// what is slower is cut and gives its place up. A telephone where there is only GPRS, the slowest
/// there is, moves twice as much; a file of 25 MB takes three and a half hours at this pace, and who
/// trickles gets no further than [`TRANSFER_GRACE_MS`].
pub const TRANSFER_BYTES_PER_SECOND: u64 = 2 * 1024;
/// How long one may fall short of that, in milliseconds: a line that begins slowly, or through a
/// tunnel.
pub const TRANSFER_GRACE_MS: u64 = 30_000;
/// Files being read at a time. Each takes less than 1 MiB of memory.
pub const DOWNLOADS: usize = 128;
/// Of these, those of clients together, as with [`UPLOADS_OF_CLIENTS`].
pub const DOWNLOADS_OF_CLIENTS: usize = DOWNLOADS / 4 * 3;
/// Files one person reads at a time.
pub const DOWNLOADS_PER_PERSON: usize = 16;
/// Files the server remembers to have recorded as opened; one opened longer ago is recorded once
/// more.
pub const FILES_OPENED: usize = 4_096;
/// Stored files listed at a time.
pub const BLOBS_LISTED: usize = 256;
/// Records of conversations being written at a time.
pub const EXPORTS: usize = 4;
/// Of these, those of clients together, as with [`UPLOADS_OF_CLIENTS`].
pub const EXPORTS_OF_CLIENTS: usize = EXPORTS / 4 * 3;
/// Records one person takes at a time.
pub const EXPORTS_PER_PERSON: usize = 1;
/// Entries of a record looked at in one go.
pub const EXPORT_ENTRIES: usize = 256;
/// Entries of a record read in one go, in bytes; the last one may go beyond.
pub const EXPORT_BYTES: usize = 256 * 1024;
/// Pieces of a record that wait for whoever takes it.
pub const EXPORT_QUEUE: usize = 2;
/// How long whoever takes a record may take for one piece of it, in milliseconds.
pub const EXPORT_STALL_MS: u64 = 30_000;
/// How long writing a record may take, in milliseconds.
pub const EXPORT_MS: u64 = 60 * 60 * 1_000;
/// Members of a bundle.
pub const BUNDLE_MEMBERS: usize = 65_536;
/// Entries of which no transcript is larger than 4 GiB: the longest message with every character
/// escaped takes less than 80 KB.
pub const BUNDLE_SMALL_ENTRIES: usize = 50_000;
/// What a member of a bundle is called, in bytes.
pub const BUNDLE_NAME_BYTES: usize = 300;
/// The list of a bundle's members, in bytes.
pub const BUNDLE_MANIFEST_BYTES: u64 = 32 * 1024 * 1024;
/// One line of a bundle's transcript, in bytes: an escaped character takes at most six.
pub const BUNDLE_LINE_BYTES: usize = 512 * 1024;
/// Stretches of one day in which somebody answers.
pub const HOURS_SPANS: usize = 4;
/// Minutes of somebody's hours that an answer may take at most: up to two weeks of full days.
pub const ANSWER_MINUTES: std::ops::RangeInclusive<u16> = 15..=14 * 8 * 60;
/// Days looked ahead for hours: the longest leave, and holidays after it.
pub const HOURS_DAYS: usize = 400;
/// Times of leave one provider has set.
pub const LEAVES: usize = 20;
/// Holidays of a practice.
pub const HOLIDAYS: usize = 60;
/// An away reply, in Unicode scalars: fits the row of an inbox ([`PREVIEW_BYTES`]).
pub const AWAY_SCALARS: usize = 300;
/// A greeting, in Unicode scalars: with an away reply and hours it fits a record.
pub const GREETING_SCALARS: usize = 400;
/// What a saved reply is found by, in Unicode scalars.
pub const REPLY_TITLE_SCALARS: usize = 60;
/// A saved reply, in Unicode scalars.
pub const REPLY_SCALARS: usize = 2_000;
/// The same in bytes.
pub const REPLY_BYTES: usize = 3_500;
/// Saved replies of one person, and of the practice.
pub const REPLIES: usize = 40;
/// All of these in bytes: those of a person and of the practice fit one frame.
pub const REPLIES_BYTES: usize = 24 * 1024;
/// Conversations of a client looked through for the one that tells a provider of a change.
pub const ACTIVITY_SOUGHT: usize = 200;
/// Changes that wait to be told, read at a time.
pub const ACTIVITY_PAGE: usize = 64;
/// How long somebody counts as there after they were active on a device, in milliseconds: so long a
/// notice waits for them to read by themselves.
pub const NOTICE_ACTIVE_MS: u64 = 30_000;
/// How long somebody counts as there after they were last heard of, in milliseconds: a client says at
/// most every [`ACTIVE_EVERY_MS`] that they are.
pub const NOTICE_PATIENCE_MS: u64 = NOTICE_ACTIVE_MS + ACTIVE_EVERY_MS;
/// Hours after which somebody is told once more of what they have not read.
pub const REMIND_HOURS: std::ops::RangeInclusive<u16> = 1..=7 * 24;
/// How long entries gather before it is decided who is told of them, in milliseconds.
pub const NOTICE_EVERY_MS: u64 = 400;
/// Conversations in which it is decided at a time.
pub const NOTICE_CONVERSATIONS: usize = 16;
/// Conversations known to have something new; when there are more, all are looked at.
pub const NOTICE_BEHIND: usize = 65_536;
/// What is due again, read at a time.
pub const NOTICE_PAGE: usize = 16;
/// Entries of one conversation looked at in one go for whom they are told to.
pub const NOTICE_ENTRIES: usize = 1_024;
/// How long it is first waited before a notice that was not taken is tried again, in milliseconds;
/// doubles, with a quarter more or less by chance.
pub const NOTICE_RETRY_MS: u64 = 30_000;
/// The longest such wait, in milliseconds.
pub const NOTICE_LONGEST_WAIT_MS: u64 = 60 * 60 * 1_000;
/// How long a notice is tried before it is set aside for the operator, in milliseconds.
pub const NOTICE_KEPT_MS: u64 = 24 * 60 * 60 * 1_000;
/// How long one is tried that somebody sends themselves to see whether it arrives, in milliseconds.
pub const NOTICE_TEST_KEPT_MS: u64 = 10 * 60 * 1_000;
/// Notices kept in the folder a second, at most, on all channels without a way out: each is flushed to
/// the disk that messages go to.
pub const NOTICE_FILES_PER_SECOND: u32 = 100;
/// Notices on their way at a time, on one channel.
pub const NOTICES_UNDERWAY: usize = 8;
/// How long one may take, in milliseconds.
pub const NOTICE_SEND_MS: u64 = 30_000;
/// How long notices that were set aside are kept for the operator, in milliseconds: 90 days.
pub const NOTICE_SET_ASIDE_MS: u64 = 90 * 24 * 60 * 60 * 1_000;
/// Longest that anything about notices is put off, in milliseconds: a reminder of a week, and a day.
/// What is due later than that was put off by another clock.
pub const NOTICE_PUT_OFF_MS: u64 = 8 * 24 * 60 * 60 * 1_000;
/// What the file that says why may grow to, in bytes; one before it is kept.
pub const NOTICE_JOURNAL_BYTES: u64 = 4 * 1024 * 1024;
/// Browsers of one person that may be pushed to; the oldest goes.
pub const PUSH_DEVICES: usize = 8;
/// The address of a browser at its push service, in bytes.
pub const PUSH_ENDPOINT_BYTES: usize = 1_024;
/// Notices somebody may send themselves to try, in a quarter of an hour.
pub const NOTICE_TESTS: u32 = 5;
/// How long a code sent to a mobile number is good for, in milliseconds.
pub const MOBILE_CODE_MS: u64 = 10 * 60 * 1_000;
/// Codes sent in a day for one person, and to one number: a text message costs money, and a stranger's
/// number may be entered.
pub const MOBILE_CODES_A_DAY: u32 = 10;
/// Codes sent in a day in all.
pub const MOBILE_CODES_A_DAY_IN_ALL: u32 = 500;
/// How often a code may be entered wrong.
pub const MOBILE_CODE_TRIES: u8 = 5;
/// What notices are sent as, in Unicode scalars.
pub const SENDER_SCALARS: usize = 40;
