//! Codes of an authenticator app: TOTP (RFC 6238) with SHA-1, six digits and 30 seconds, which
//! every app knows. A code is good for the thirty seconds it is shown, and once (ASVS 6.5.5). RFC
//! 6238 (5.2) recommends a step besides for clocks that are off; here whoever is that much off is
//! told so, and what to do.

use qrcodegen::QrCodeEcc;
use shared_proto::factors::{QrCode, TotpSetUp};
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;

/// 160 bits, as RFC 4226 (4, R6) recommends.
pub type Secret = [u8; 20];

/// Length of a step, in seconds.
const STEP_S: u64 = 30;
/// Scalars of the practice's name in the address: with the longest name and email the QR code
/// would not hold it.
const ISSUER_SCALARS: usize = 32;

/// A new secret.
#[must_use]
pub fn generate() -> Secret {
    rand::random()
}

/// The step of now, when this is its code and none as late was used. The caller keeps it as the
/// last one used before anything else happens (RFC 6238, 5.2). Takes as long whatever is wrong
/// with a code of six digits.
///
/// # Errors
/// `CodeExpired` for one of the step before or after: it is refused, and nothing was guessed;
/// `WrongCode` for any other.
pub fn verify(
    secret: &Secret,
    typed: &str,
    now: Millis,
    last_step_used: Option<u64>,
) -> Result<u64, Refusal> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::WrongCode);
    }
    let totp = totp_rs::Builder::new().with_skew(0).with_secret(*secret).build();
    let totp = totp.map_err(|_| Refusal::WrongCode)?;
    let step = now.0 / 1_000 / STEP_S;
    // Compared in constant time by totp-rs, and all three whatever comes of them.
    let [before, now, after] = [step.saturating_sub(1), step, step + 1]
        .map(|step| totp.check(&code, step * STEP_S).is_some());
    let used = |step| last_step_used.is_some_and(|last| step <= last);
    match (now, before || after) {
        (true, _) if !used(step) => Ok(step),
        (false, true) => Err(Refusal::CodeExpired),
        _ => Err(Refusal::WrongCode),
    }
}

/// What the person's app needs to know the secret: `practice` and `email` are what it shows.
#[must_use]
pub fn set_up(secret: &Secret, practice: &str, email: &str) -> TotpSetUp {
    let text = base32(secret);
    let uri = uri(&text, practice, email);
    let groups: Vec<&str> = (0..text.len()).step_by(4).map(|at| &text[at..at + 4]).collect();
    TotpSetUp { secret_text: groups.join(" "), qr: qr(&uri), uri }
}

/// The address an app reads: <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>.
fn uri(secret: &str, practice: &str, email: &str) -> String {
    // A colon parts issuer and account.
    let issuer: String = practice.chars().filter(|c| *c != ':').take(ISSUER_SCALARS).collect();
    let issuer = percent_encoded(issuer.trim());
    let account = percent_encoded(&email.replace(':', ""));
    format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period={STEP_S}"
    )
}

/// Everything but the unreserved characters of RFC 3986 (2.3) encoded.
fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// RFC 4648, 6. 160 bits are 32 letters and need no padding.
fn base32(secret: &Secret) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::with_capacity(32);
    for chunk in secret.chunks(5) {
        let bits = chunk.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        for n in (0..8).rev() {
            text.push(char::from(LETTERS[(bits >> (5 * n) & 31) as usize]));
        }
    }
    text
}

fn qr(text: &str) -> QrCode {
    let code = qrcodegen::QrCode::encode_text(text, QrCodeEcc::Medium);
    let code = code.expect("the longest address fits: a test tries it");
    let side = code.size();
    let mut bits = vec![0u8; (side * side).unsigned_abs().div_ceil(8) as usize];
    let modules = (0..side).flat_map(|row| (0..side).map(move |column| (column, row)));
    for (n, (column, row)) in modules.enumerate() {
        if code.get_module(column, row) {
            bits[n / 8] |= 0x80 >> (n % 8);
        }
    }
    QrCode { size: u8::try_from(side).expect("at most 177 modules"), bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    const SECRET: Secret = *b"12345678901234567890";

    const fn at(seconds: u64) -> Millis {
        Millis(seconds * 1_000)
    }

    #[test]
    fn the_codes_of_the_rfc_are_right_at_their_times() {
        // Its table has eight digits; six are the last of them (RFC 4226, 5.3).
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(verify(&SECRET, code, at(seconds), None), Ok(seconds / 30), "{seconds}");
        }
        assert_eq!(verify(&SECRET, "287 082", at(59), None), Ok(1));
        for wrong in ["287083", "", "28708", "2870822", "94287082", "abcdef", "２８７０８２"]
        {
            assert_eq!(verify(&SECRET, wrong, at(59), None), Err(Refusal::WrongCode), "{wrong}");
        }
    }

    #[test]
    fn a_code_is_good_for_thirty_seconds_in_all() {
        // 081804 is of the step that begins at 1 111 111 080.
        let verify = |seconds| verify(&SECRET, "081804", at(seconds), None);
        assert!(verify(1_111_111_080).is_ok() && verify(1_111_111_109).is_ok());
        // Whose clock is off by up to a step is told so, whose is off by more is not known.
        for (seconds, refusal) in [
            (1_111_111_049, Refusal::WrongCode),
            (1_111_111_050, Refusal::CodeExpired),
            (1_111_111_079, Refusal::CodeExpired),
            (1_111_111_110, Refusal::CodeExpired),
            (1_111_111_139, Refusal::CodeExpired),
            (1_111_111_140, Refusal::WrongCode),
        ] {
            assert_eq!(verify(seconds), Err(refusal), "{seconds}");
        }
    }

    #[test]
    fn a_code_is_good_once_and_so_are_those_before_it() {
        let step = 1_111_111_109 / 30;
        let verify = |last| verify(&SECRET, "081804", at(1_111_111_109), last);
        assert_eq!(verify(Some(step - 1)), Ok(step));
        assert_eq!(verify(Some(step)), Err(Refusal::WrongCode));
        assert_eq!(verify(Some(step + 1)), Err(Refusal::WrongCode));
    }

    #[test]
    fn the_address_holds_what_an_app_needs() {
        let shown = set_up(&SECRET, "Praxis: Ōhara & Co", "ana+1@example.org");
        assert_eq!(shown.secret_text, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let expected = "otpauth://totp/Praxis%20%C5%8Chara%20%26%20Co:ana%2B1%40example.org\
            ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Praxis%20%C5%8Chara%20%26%20Co\
            &algorithm=SHA1&digits=6&period=30";
        assert_eq!(shown.uri, expected);
        // The finder pattern: seven dark modules, then a light one.
        assert!((0..7).all(|column| shown.qr.dark(column, 0)) && !shown.qr.dark(7, 0));
        assert_eq!(shown.qr.bits.len(), usize::from(shown.qr.size).pow(2).div_ceil(8));
    }

    #[test]
    fn the_longest_name_and_email_fit_a_qr_code() {
        let shown = set_up(&SECRET, &"𝕏".repeat(100), &format!("{}@b", "é".repeat(126)));
        assert!(shown.qr.size <= 177);
    }
}
