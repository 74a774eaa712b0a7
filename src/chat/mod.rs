//! From observations to chats: partition, identity, fold.
//!
//! Comes in: observations in any order. Goes out: chats with complete messages, each stamped with what only its sending knew about the
//! customer service window. A chat is the pair (phone number, customer), or (phone number, group); all window state belongs to exactly
//! one chat, so partitions of chats can be judged in parallel.

mod accounts;
mod batch;
mod category;
mod event;
mod facts;
mod fold;
mod glimpse;
mod identity;
mod intake;
mod large_chat;
mod openers;
mod packed;
mod partition;
mod senders;
mod spill;
mod stored;
mod strings;
mod window;

pub use accounts::{Accounts, ResolvedAccount};
pub use batch::{Batch, check};
pub use facts::LogFacts;
pub use fold::{Chat, ChatMessage, FoldOptions, Folder};
pub use glimpse::Glimpse;
pub use intake::Intake;
pub use large_chat::LargeChat;
pub use partition::{PARTITIONS, Partition};
pub use spill::Memory;
pub use strings::Strings;
