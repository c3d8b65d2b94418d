//! `cargo xtask clients`: what third-party tools make of the OpenAPI document of a running server.
//!
//! - Redocly CLI lints the document with its recommended rules.
//! - openapi-typescript generates types; a small program that uses them is compiled by `tsc --strict`.
//! - openapi-python-client generates a client; a script that uses nothing else works a job from order to closed
//!   file with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::demo_server::DemoServer;
use crate::process::{Result, command, fail, output, run};
use crate::progress::step;
use crate::setup::openapi_clients::{self, Tools};
use crate::test_summary::TestSummary;
use crate::{paths, run as release};

/// The files of this check beside the lock files of its tools.
const SOURCES: &str = "crates/xtask/openapi-clients";
/// The document as Redocly's list of exceptions names it.
const DOCUMENT: &str = "openapi.json";
/// The package that openapi-python-client generates, and its folder in the workspace.
const PYTHON_CLIENT: &str = "isp_client";

/// Checks the document of the named binary, or of a new release build.
pub fn clients(args: &[String]) -> Result<ExitCode> {
    let binary = match args {
        [] => release::build()?,
        [flag, file] if flag == "--server-bin" => std::path::absolute(file)?,
        _ => return fail("usage: clients [--server-bin FILE]"),
    };
    let mut summary = TestSummary::default();
    check(&binary, &mut summary);
    Ok(if summary.print() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks the document of a server binary that is already built.
pub fn check(binary: &Path, summary: &mut TestSummary) {
    let workspace = match Workspace::prepare(binary) {
        Ok(workspace) => workspace,
        Err(failure) => return summary.record_result("OpenAPI clients", Err(failure)),
    };
    let mut check = |name: &str, check: fn(&Workspace) -> Result| {
        summary.record_result(name, step(name, || check(&workspace)));
    };
    check("OpenAPI document: lint", Workspace::lint);
    check("OpenAPI document: TypeScript client", Workspace::check_typescript);
    check("OpenAPI document: Python client", Workspace::check_python);
}

/// A running server, its document in a folder of its own, and the tools. The folder is removed at the end.
struct Workspace {
    server: DemoServer,
    tools: Tools,
    folder: PathBuf,
}

impl Workspace {
    fn prepare(binary: &Path) -> Result<Self> {
        let tools = openapi_clients::ensure()?;
        let server = DemoServer::start(binary)?;
        // Below the folder with the npm packages, where Node and tsc look for them.
        let folder = tools.npm_folder.join(format!("check-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let workspace = Self { server, tools, folder };
        for file in [
            "redocly.yaml",
            ".redocly.lint-ignore.yaml",
            "tsconfig.json",
            "example.ts",
            "python-client.yaml",
        ] {
            fs::copy(sources().join(file), workspace.folder.join(file))?;
        }
        let document = workspace.server.download("/api/openapi.json")?;
        fs::write(workspace.folder.join(DOCUMENT), document)?;
        Ok(workspace)
    }

    /// Lints the document; a warning counts as an error.
    fn lint(&self) -> Result {
        let mut lint = self.node("@redocly/cli/bin/cli.js");
        lint.args(["lint", DOCUMENT, "--format"])
            .env("REDOCLY_TELEMETRY", "off")
            .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        match output(lint.arg("json")) {
            Ok(report) if has_no_problem(&report) => Ok(()),
            Ok(report) => fail(format!("the linter has found problems:\n{report}")),
            Err(failure) => {
                fail(format!("{failure}; `redocly lint` of /api/openapi.json shows why"))
            }
        }
    }

    fn check_typescript(&self) -> Result {
        let generator = "openapi-typescript/bin/cli.js";
        let generate = ["openapi.json", "--output", "schema.ts", "--redocly", "redocly.yaml"];
        output(self.node(generator).args(generate))?;
        run(self.node("typescript/bin/tsc").args(["--project", "tsconfig.json"]))
    }

    fn check_python(&self) -> Result {
        let mut generate = command(&self.tools.python_generator);
        generate.current_dir(&self.folder);
        generate.args(["generate", "--fail-on-warning", "--meta", "none"]);
        generate.args(["--path", DOCUMENT, "--config", "python-client.yaml"]);
        run(generate.args(["--output-path", PYTHON_CLIENT]))?;
        let mut script = command(&self.tools.python);
        script.arg(sources().join("use_client.py")).arg(self.server.url(""));
        run(script.current_dir(&self.folder).env("PYTHONPATH", &self.folder))
    }

    /// Returns a command that runs a program of an npm package in the folder.
    fn node(&self, program: &str) -> Command {
        let mut node = command("node");
        node.current_dir(&self.folder)
            .arg(self.tools.npm_folder.join("node_modules").join(program));
        node
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        // A folder that stays does no harm.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn sources() -> PathBuf {
    paths::root().join(SOURCES)
}

/// Whether a JSON report of the linter counts neither errors nor warnings.
fn has_no_problem(report: &str) -> bool {
    let counts = |name: &str| report.contains(&format!("\"{name}\": 0,"));
    counts("errors") && counts("warnings")
}
