//! A short soft tone, made by the browser (Web Audio API): there is no file to fetch.

use gloo::timers::callback::Timeout;
use wasm_bindgen::JsValue;
use web_sys::AudioContext;

/// Its pitch, in hertz: D5.
const PITCH: f32 = 587.33;
/// How loud it is at most, of 1.
const LOUDNESS: f32 = 0.08;
/// How long it takes, in seconds.
const LENGTH: f64 = 0.4;

/// Sounds once. A browser in which nobody has pressed anything yet stays silent.
pub fn play() {
    // Nobody misses a tone who has no loudspeaker.
    let _ = tone();
}

fn tone() -> Result<(), JsValue> {
    let context = AudioContext::new()?;
    let (wave, volume) = (context.create_oscillator()?, context.create_gain()?);
    let (gain, now) = (volume.gain(), context.current_time());
    wave.frequency().set_value(PITCH);
    gain.set_value_at_time(0.0, now)?;
    gain.linear_ramp_to_value_at_time(LOUDNESS, now + 0.03)?;
    gain.linear_ramp_to_value_at_time(0.0, now + LENGTH)?;
    wave.connect_with_audio_node(&volume)?;
    volume.connect_with_audio_node(&context.destination())?;
    wave.start()?;
    wave.stop_with_when(now + LENGTH)?;
    // One that may not sound now is not to sound later.
    Timeout::new(1_000, move || drop(context.close())).forget();
    Ok(())
}
