//! Starting programs: each is shown before it runs, and a failure names it and what helps.

use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What every step answers with: nothing more, or what went wrong and what to do about it.
pub type Outcome<T = ()> = Result<T, String>;

/// One program with its arguments.
pub struct Step {
    command: Command,
    advice: Option<String>,
}

impl Step {
    /// `program`, looked up on the `PATH` it is given.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        // What `cargo run` sets for us would make build scripts of others run again.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(name.as_ref());
            }
        }
        Self { command, advice: None }
    }

    /// The cargo that started us.
    pub fn cargo() -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// With arguments, after those given before.
    pub fn args<T: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = T>) -> Self {
        self.command.args(arguments);
        self
    }

    /// With one argument, after those given before.
    pub fn arg(self, argument: impl AsRef<OsStr>) -> Self {
        self.args([argument])
    }

    /// With an environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Without an environment variable.
    pub fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// What to do when it fails.
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// In another folder than the workspace.
    pub fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Shows it and runs it to its end.
    pub fn run(mut self) -> Outcome {
        let shown = self.shown();
        show("2", &format!("$ {shown}"));
        match self.command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(self.failure(&shown, &format!("ended with {status}"))),
            Err(error) => Err(self.failure(&shown, &format!("did not start: {error}"))),
        }
    }

    /// Runs it without showing it; what it printed on standard output, or nothing if it failed.
    pub fn output(mut self) -> Option<String> {
        let output = self.command.stderr(Stdio::null()).stdin(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Becomes it, so that its signals and its exit code are its own. Returns only on failure.
    pub fn become_it(mut self) -> Outcome {
        let shown = self.shown();
        show("2", &format!("$ {shown}"));
        #[cfg(unix)]
        {
            let error = std::os::unix::process::CommandExt::exec(&mut self.command);
            Err(self.failure(&shown, &format!("did not start: {error}")))
        }
        #[cfg(not(unix))]
        self.run()
    }

    fn shown(&self) -> String {
        let program = Path::new(self.command.get_program());
        let program = program.file_name().unwrap_or(program.as_os_str());
        let words = std::iter::once(program).chain(self.command.get_args());
        words.map(quoted).collect::<Vec<_>>().join(" ")
    }

    fn failure(&self, shown: &str, how: &str) -> String {
        let advice = self.advice.as_deref().map(|advice| format!("\n{advice}")).unwrap_or_default();
        format!("This command {how}:\n  {shown}{advice}")
    }
}

/// Says what begins now.
pub fn say(what: &str) {
    show("1", what);
}

/// On standard error, where the programs that are started say what they do; styled for people.
fn show(style: &str, what: &str) {
    if std::io::stderr().is_terminal() {
        eprintln!("\x1b[{style}m{what}\x1b[0m");
    } else {
        eprintln!("{what}");
    }
}

/// The first executable file of that name in the folders of `path`.
pub fn find(program: &str, path: &OsStr) -> Option<PathBuf> {
    std::env::split_paths(path).map(|folder| folder.join(program)).find(|file| is_executable(file))
}

/// What a Rust program asks for when it is built: `CARGO_TARGET_DIR`, or `target`.
pub fn target() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| OsString::from("target"));
    std::path::absolute(&target).unwrap_or_else(|_| target.into())
}

fn is_executable(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    file.is_file()
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if word.is_empty() || word.contains(|letter: char| " '\"$\n;&|".contains(letter)) {
        format!("'{}'", word.replace('\'', r"'\''"))
    } else {
        word.into_owned()
    }
}
