//! The roles of a county's offices and what each may do.

/// A role (domain/village-affairs.md §8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// 代理会计 / 合作社会计: makes vouchers, keeps accounts
    Accountant,
    /// 审核: approves or returns what others made, reopens periods
    Reviewer,
    /// 会计主管: everything of the books, closing included
    Head,
    /// 出纳: reads; cash and payments
    Cashier,
    /// 村报账员: drafts only
    Clerk,
    /// 县级业务人员: registers and county-wide acts
    Officer,
    /// 审计监督: reads all, writes nothing in the books
    Auditor,
    /// 系统管理员: people and settings, no money
    Administrator,
    /// 村务监督委员会: looks at sheets before they are public
    Committee,
    /// 银行信贷员: the loans of one bank, and nothing else
    Bank,
}

/// What an act needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Make, submit, void drafts; attach papers; reverse.
    KeepVouchers,
    /// Approve or return.
    Review,
    /// Post approved vouchers.
    Post,
    /// Close a period or year.
    Close,
    /// Reopen a period.
    Reopen,
    /// Books, charts, openings, conversions, dimension cards.
    KeepBooks,
    /// Post what a rule of the programme made (interest, dividends, subsidies).
    PostByRule,
    /// Places and other county registers.
    KeepRegisters,
    /// Contracts, facts, classes and lists of loans, as their bank keeps them.
    KeepLoans,
    /// Import bank statements and match them with the books.
    Reconcile,
    /// Users and roles.
    ManageUsers,
    /// One's own password.
    OwnAccount,
    /// Claim what a village spent; keep its cash book.
    Claim,
    /// Take claims in, return them, book them.
    AcceptClaims,
    /// Make and publish disclosure sheets, answer questions.
    Disclose,
    /// Approve what will be public.
    ApproveDisclosure,
    /// Ask about what is public; anybody may.
    Ask,
    /// Run the red flags, send and close findings; nothing in the books.
    Supervise,
    /// Answer findings.
    AnswerFinding,
}

impl Role {
    /// All of them with the words of tables and of users.
    pub const ALL: [(Role, &'static str, &'static str); 10] = [
        (Role::Accountant, "accountant", "会计"),
        (Role::Reviewer, "reviewer", "审核"),
        (Role::Head, "head", "会计主管"),
        (Role::Cashier, "cashier", "出纳"),
        (Role::Clerk, "clerk", "报账员"),
        (Role::Officer, "officer", "县级业务"),
        (Role::Auditor, "auditor", "审计监督"),
        (Role::Administrator, "administrator", "系统管理员"),
        (Role::Committee, "committee", "村监委会"),
        (Role::Bank, "bank", "银行信贷员"),
    ];

    fn entry(self) -> (Role, &'static str, &'static str) {
        Role::ALL[self as usize]
    }

    /// As tables and commands write it.
    pub fn as_str(self) -> &'static str {
        self.entry().1
    }

    /// As users read it.
    pub fn label_zh(self) -> &'static str {
        self.entry().2
    }

    /// Reads what `as_str` or `label_zh` writes.
    pub fn parse(text: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|(_, name, label)| *name == text || *label == text).map(|(role, ..)| role)
    }

    /// What this role may do.
    pub const fn allows(self, permission: Permission) -> bool {
        use Permission::*;
        if matches!(permission, OwnAccount | Ask) {
            return true;
        }
        match self {
            Role::Accountant => {
                matches!(
                    permission,
                    KeepVouchers | KeepBooks | Post | Close | PostByRule | Reconcile | AcceptClaims | Disclose | AnswerFinding
                )
            }
            Role::Reviewer => matches!(permission, Review | Post | Reopen | ApproveDisclosure),
            Role::Committee => matches!(permission, ApproveDisclosure),
            Role::Head => {
                matches!(
                    permission,
                    KeepVouchers
                        | Review
                        | Post
                        | Close
                        | Reopen
                        | KeepBooks
                        | PostByRule
                        | Reconcile
                        | AcceptClaims
                        | Disclose
                        | AnswerFinding
                )
            }
            Role::Clerk => matches!(permission, KeepVouchers | Claim | AnswerFinding),
            Role::Officer => matches!(permission, KeepRegisters | KeepLoans | KeepBooks | PostByRule | Reconcile | Supervise),
            Role::Bank => matches!(permission, KeepLoans | Reconcile),
            Role::Administrator => matches!(permission, ManageUsers),
            Role::Cashier => matches!(permission, Reconcile),
            Role::Auditor => matches!(permission, Supervise),
        }
    }
}

impl Permission {
    /// As users read it.
    pub const fn label_zh(self) -> &'static str {
        match self {
            Permission::KeepVouchers => "制单",
            Permission::Review => "审核",
            Permission::Post => "过账",
            Permission::Close => "结账",
            Permission::Reopen => "反结账",
            Permission::KeepBooks => "账套与科目维护",
            Permission::PostByRule => "业务自动入账",
            Permission::KeepRegisters => "基础资料维护",
            Permission::KeepLoans => "贷款登记",
            Permission::Reconcile => "银行对账",
            Permission::ManageUsers => "用户管理",
            Permission::OwnAccount => "本人账号",
            Permission::Claim => "报账",
            Permission::AcceptClaims => "受理报账",
            Permission::Disclose => "编制公开",
            Permission::ApproveDisclosure => "审核公开",
            Permission::Ask => "提问",
            Permission::Supervise => "监督督办",
            Permission::AnswerFinding => "答复督办",
        }
    }
}
