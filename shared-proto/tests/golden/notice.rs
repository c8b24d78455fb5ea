//! Notices to people who are not there.

use shared_proto::notice::ask::{Ask, PushDevice};
use shared_proto::notice::rule::{Address, Why};
use shared_proto::notice::{Channel, How, Quiet, Wishes};

use crate::check;

golden! {
    what_is_asked_about_notices_keeps_its_bytes: Ask {
        Ask::Standing => { Ask::Standing => "00" }
        Ask::Wish(_) => {
            Ask::Wish(Wishes::default()) => "01 00 00 00",
            Ask::Wish(Wishes {
                quiet: Some(Quiet { from: 60, until: 120 }),
                remind_after: Some(4),
                sound: true,
            }) => "01 01 3c 78 01 04 01",
        }
        Ask::Test(_) => { Ask::Test(Channel::Push) => "02 02" }
        Ask::SendCode => { Ask::SendCode => "03" }
        Ask::Confirm { .. } => { Ask::Confirm { code: "123".into() } => "04 03 '123'" }
        Ask::Allow(_) => {
            Ask::Allow(Box::new(PushDevice {
                endpoint: "here".into(),
                key: vec![1, 2],
                secret: vec![3],
            })) => "05 04 'here' 02 01 02 01 03",
        }
        Ask::Disallow { .. } => { Ask::Disallow { all: true } => "06 01" }
    }

    channels_keep_their_bytes: Channel {
        Channel::Email => { Channel::Email => "00" }
        Channel::Sms => { Channel::Sms => "01" }
        Channel::Push => { Channel::Push => "02" }
    }

    how_somebody_agreed_keeps_its_bytes: How {
        How::Themselves => { How::Themselves => "00" }
        How::Practice => { How::Practice => "01" }
        How::Link => { How::Link => "02" }
        How::Reply => { How::Reply => "03" }
    }

    why_nobody_is_told_keeps_its_bytes: Why {
        Why::NoMember => { Why::NoMember => "00" }
        Why::Read => { Why::Read => "01" }
        Why::Told => { Why::Told => "02" }
        Why::NoAccount => { Why::NoAccount => "03" }
        Why::Policy => { Why::Policy => "04" }
        Why::Consent => { Why::Consent => "05" }
        Why::NoAddress => { Why::NoAddress => "06" }
        Why::Unfit => { Why::Unfit => "07" }
        Why::Unconfirmed => { Why::Unconfirmed => "08" }
        Why::NoWayOut => { Why::NoWayOut => "09" }
        Why::Withdrawn => { Why::Withdrawn => "0a" }
        Why::Stopped => { Why::Stopped => "0b" }
    }

    addresses_keep_their_bytes: Address {
        Address::Missing => { Address::Missing => "00" }
        Address::Unfit => { Address::Unfit => "01" }
        Address::Unconfirmed => { Address::Unconfirmed => "02" }
        Address::Confirmed => { Address::Confirmed => "03" }
    }
}
