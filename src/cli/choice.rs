//! The options that say for whom SQL is written.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::Answer;
use crate::applier::Target;
use crate::diagnostic::{Code, Diagnostic};
use crate::project::{FILE_NAME, Project};
use crate::schema::Dialect;

/// Reads the name of a dialect.
pub fn dialect_parser() -> impl TypedValueParser<Value = Dialect> {
    let names = PossibleValuesParser::new(Dialect::ALL.map(Dialect::name));
    names.try_map(|name| Dialect::ALL.into_iter().find(|dialect| dialect.name() == name).ok_or("not a dialect"))
}

/// Which of the project's targets.
#[derive(Debug, Args)]
pub struct TargetChoice {
    /// Only for targets of this dialect.
    #[arg(long, value_name = "DIALECT", value_parser = dialect_parser())]
    dialect: Option<Dialect>,

    /// Only for this target of `offprint.toml`.
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
}

impl TargetChoice {
    /// The targets that are chosen, at least one.
    pub fn all<'p>(&self, project: &'p Project) -> Answer<Vec<&'p Target>> {
        if self.target.is_some() {
            return self.one(project).map(|target| vec![target]);
        }
        let fits = |target: &&Target| self.dialect.is_none_or(|dialect| dialect == target.applier.dialect());
        let targets: Vec<&Target> = project.targets.iter().filter(fits).collect();
        if targets.is_empty() {
            return self.one(project).map(|target| vec![target]);
        }
        Ok(targets)
    }

    /// The one target that is chosen: the first of its dialect, which is Postgres unless an option says otherwise.
    pub fn one<'p>(&self, project: &'p Project) -> Answer<&'p Target> {
        let Some(name) = &self.target else {
            let dialect = self.dialect.unwrap_or(Dialect::Postgres);
            let found = project.targets.iter().find(|target| target.applier.dialect() == dialect);
            return found.ok_or_else(|| {
                let message = format!("the project has no target for {}", dialect.title());
                let others: Vec<String> = project.targets.iter().map(|it| format!("`--target {}`", it.name)).collect();
                Diagnostic::new(Code::Usage, message)
                    .help(format!("choose {}, or add a `[[target]]` to `{FILE_NAME}`", others.join(" or ")))
                    .into()
            });
        };
        let Some(target) = project.targets.iter().find(|target| target.name == name.as_str()) else {
            let names: Vec<&str> = project.targets.iter().map(|target| target.name.as_str()).collect();
            return Err(Diagnostic::new(Code::Usage, format!("the project has no target `{name}`"))
                .did_you_mean(name, names.iter().copied())
                .help(format!("the targets are {}", names.join(", ")))
                .into());
        };
        match self.dialect {
            Some(dialect) if dialect != target.applier.dialect() => {
                let own = target.applier.dialect();
                let message = format!("the target `{name}` is for {}, not for {}", own.title(), dialect.title());
                Err(Diagnostic::new(Code::Usage, message).help("leave out `--dialect`").into())
            }
            _ => Ok(target),
        }
    }
}
