//! `user add | password | list`: who may do what, where.

use std::io::IsTerminal;

use clap::Subcommand;
use serde_json::json;

use super::counter::Counter;
use super::output::Reply;
use crate::access::service::{AddUser, SetPassword};
use crate::access::{password, store};
use crate::db::{Failure, Stop};
use crate::exchange::{Column, Sheet};

/// Verbs of users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// 登记用户并授予角色;再次执行可加授角色。第一个登记的应是 administrator,此后只有登记过的人能办事
    Add {
        /// 登录名
        #[arg(long)]
        user: String,
        /// 姓名
        #[arg(long)]
        name: String,
        /// 角色:accountant 会计、reviewer 审核、head 会计主管、cashier 出纳、clerk 报账员、officer 县级业务、auditor 审计监督、administrator 系统管理员
        #[arg(long)]
        role: String,
        /// 范围:账套编号或区划代码;不写为全县
        #[arg(long, default_value = "")]
        scope: String,
    },
    /// 设定登录密码(网页办公用);从键盘输入两次,或从标准输入读一行
    Password {
        /// 登录名
        #[arg(long)]
        user: String,
    },
    /// 列出用户与角色
    List,
}

/// Runs a verb.
pub async fn run(command: UserCommand, counter: &Counter) -> Result<Reply, Stop> {
    match command {
        UserCommand::Add { user, name, role, scope } => {
            let said = format!("已登记 {user} {name},角色 {role}");
            let json = json!({ "user": user, "name": name, "role": role, "scope": scope });
            counter.perform(AddUser { user, name, role, scope }).await?;
            Ok(Reply::said(said, json))
        }
        UserCommand::Password { user } => {
            let typed = typed_password()?;
            password::check(&user, &typed)?;
            let hash = password::hash(&typed, &counter.office.draw_salt());
            counter.perform(SetPassword { user: user.clone(), hash }).await?;
            Ok(Reply::said(format!("已设定 {user} 的密码"), json!({ "user": user })))
        }
        UserCommand::List => list(counter).await,
    }
}

/// Typed twice and not shown on a terminal; one line where a script writes it.
fn typed_password() -> Result<String, Stop> {
    let failed = |cause| Stop::Failed(Failure::File { path: "stdin".to_owned(), cause });
    if !std::io::stdin().is_terminal() {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map_err(failed)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let typed = rpassword::prompt_password("密码: ").map_err(failed)?;
    if rpassword::prompt_password("再输一次: ").map_err(failed)? != typed {
        return Err(password::PasswordRefusal::NotRepeated.into());
    }
    Ok(typed)
}

async fn list(counter: &Counter) -> Result<Reply, Stop> {
    let columns = vec![
        Column::id("user", "登录名"),
        Column::text("name", "姓名"),
        Column::id("role", "角色"),
        Column::text("role_name", "角色名称"),
        Column::id("scope", "范围"),
    ];
    let mut sheet = Sheet::new("用户", columns);
    let mut tx = counter.snapshot().await?;
    for (user, name, role, scope) in store::users(&mut tx, counter.county()).await? {
        sheet.push(vec![user.into(), name.into(), role.as_str().into(), role.label_zh().into(), scope.into()]);
    }
    Ok(Reply::sheet(sheet))
}
