//! The built program as a user runs it: arguments in; exit code and both outputs back. Or killed half way.

use std::process::{Child, Command, Output, Stdio};

/// What a finished run left.
#[derive(Debug)]
pub struct Finished {
    /// 0 done, 2 usage, 3 refused, 4 failure; `None` when a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Finished {
    /// Fails the test unless the program ended with 0; gives its standard output.
    #[track_caller]
    pub fn done(self) -> String {
        self.ended_with(0).stdout
    }

    /// Fails the test unless the program refused (3) with this code; gives its standard error.
    #[track_caller]
    pub fn refused(self, code: &str) -> String {
        let finished = self.ended_with(3);
        assert!(finished.stderr.contains(code), "refused, but not with {code}:\n{}", finished.stderr);
        finished.stderr
    }

    #[track_caller]
    pub fn ended_with(self, code: i32) -> Finished {
        assert!(
            self.code == Some(code),
            "ended with {:?} instead of {code}\nstdout:\n{}\nstderr:\n{}",
            self.code,
            self.stdout,
            self.stderr
        );
        self
    }
}

/// The program with these arguments: nothing on standard input, no settings from the caller's environment.
pub fn cunzhang<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cunzhang"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CUNZHANG_")) {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs the program to its end.
#[track_caller]
pub fn run<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Finished {
    finish(cunzhang(arguments).output().expect("the program was built with this test and starts"))
}

/// Runs the program on a database to its end: `--db URL` goes first.
#[track_caller]
pub fn run_on<'a>(database: &'a str, arguments: impl IntoIterator<Item = &'a str>) -> Finished {
    run(["--db", database].into_iter().chain(arguments))
}

pub fn finish(output: Output) -> Finished {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    Finished { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A running program. Dropping it kills it, so no test leaves one behind.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    /// Starts a command; its outputs are pipes (`stdout` and `stderr` of [`Running::child`]).
    pub fn start(mut command: Command) -> Running {
        Running(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts"))
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// SIGKILL: the program gets no chance to tidy up. Returns when it is gone.
    pub fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    /// Waits for the program to end by itself.
    pub fn finish(mut self) -> Finished {
        use std::io::Read;
        let stderr = self.0.stderr.take();
        let beside = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            stderr.map(|mut pipe| pipe.read_to_end(&mut bytes));
            bytes
        });
        let mut stdout = Vec::new();
        if let Some(mut pipe) = self.0.stdout.take() {
            pipe.read_to_end(&mut stdout).expect("a pipe can be read");
        }
        let status = self.0.wait().expect("a started program can be waited for");
        finish(Output { status, stdout, stderr: beside.join().expect("reading a pipe does not panic") })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}
