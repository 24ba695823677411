//! Words of the pages of backups, both languages side by side.

use super::Texts;

words! { "Every word of backups in one language.",
    backups = "备份",
        "Backup";
    take_backup = "立即备份",
        "Take a backup now";
    prove_backup = "试恢复",
        "Try a restore";
    kept_backups = "已有的备份",
        "Backups kept";
    no_backups = "还没有备份。点“立即备份”做第一份。",
        "There is no backup yet. Take the first one.";
    backup_file = "备份文件",
        "Backup";
    download = "下载",
        "Download";
    taken_at = "备份时间",
        "Taken";
    taken_by = "备份人",
        "By";
    size = "大小",
        "Size";
    says_nothing = "(没有备份说明)",
        "(says nothing of itself)";
    backup_words = "备份是整个数据库在这一刻的完整副本,别人可以照常办理业务。备份好后请下载,存到另一台电脑或移动硬盘。服务器上的备份放在:",
        "A backup is the whole database at this moment; others go on working. Download it and keep it on another machine. The server keeps them in:";
    key_words = "备份里的证件号、账号、电话是加密的,恢复时要用同一把密钥。请把密钥文件另存一份,不要和备份放在一起:",
        "Personal numbers in it are sealed; the same key is needed to restore. Keep a copy of the key file apart from the backups:";
    restore = "恢复",
        "Restore";
    restore_words = "“试恢复”把备份恢复成一个新的数据库,全部核对一遍,再与现在的账比较,不动正在用的账;平时就请试。“恢复”用备份替换现在的账:先列出会丢失什么,输入县名和密码以后才做,现在的账先存为一份备份。",
        "Trying a restore makes a new database of a backup, verifies all of it and compares it with the books of now; the books in use are not touched. Restoring puts a backup in the place of the books: what is lost is listed first, the county's name and your password are asked, and the books of now are kept as a backup.";
    restore_effect = "恢复时网页停几分钟。现在的账先存为一份备份,随时可以再恢复回来。恢复后所有人要重新登录;人员、角色、密码和接口令牌回到备份那一天,那以后停用的要再停用一次。",
        "The pages stop for some minutes. What is in the books now is kept as a backup first and can be had back. Everybody logs in again; people, roles, passwords and tokens are those of that day: what was stopped since must be stopped again.";
    restore_on_server = "服务器上可能还有别的数据库和别的程序,要由管服务器的人恢复到一个新的空数据库,核对后再改用它。请依次输入:",
        "Other databases and programs may live there; whoever looks after the server restores into a new, empty database, verifies it and serves it. Type in this order:";
    restore_now = "恢复这份备份",
        "Restore this backup";
    restore_sure = "确定恢复?",
        "Restore it?";
    type_county = "照写县名",
        "The county's name";
}

impl Texts {
    /// The words of backups in this language.
    pub fn safe(&self) -> &'static Words {
        if self.is_chinese() { &ZH } else { &EN }
    }
}
