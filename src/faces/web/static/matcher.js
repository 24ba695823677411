// The reconciliation desk by keyboard: J/K line, Enter or 1–9 take a candidate, Space choose, N voucher, D leave, U undo,
// Shift+J/K choose on the way. Everything is a button of the form too. ES2017, no other host.
(function () {
  'use strict';
  var form = document.getElementById('matcher');
  if (!form) return;
  var rows = Array.prototype.slice.call(form.querySelectorAll('#lines tbody tr'));
  var at = -1;
  function go(step, choose) {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, at + step));
    if (choose) box(at).checked = true;
    rows[at].focus();
  }
  function box(row) { return rows[row].querySelector('input[type=checkbox]'); }
  function take(number) {
    var offers = at < 0 ? [] : rows[at].querySelectorAll('.offers button');
    if (offers[number]) { offers[number].click(); return true; }
    return false;
  }
  rows.forEach(function (row, index) {
    row.addEventListener('focusin', function () { at = index; });
  });
  form.addEventListener('keydown', function (event) {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    var tag = event.target.tagName;
    if (tag === 'INPUT' && event.target.type !== 'checkbox' || tag === 'BUTTON' || tag === 'A') return;
    handle(event);
  });
  document.addEventListener('keydown', function (event) {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target === document.body || event.target.id === 'main') handle(event);
  });
  function handle(event) {
    var key = event.key;
    var done = true;
    if (key === 'j' || key === 'J') go(1, event.shiftKey);
    else if (key === 'k' || key === 'K') go(-1, event.shiftKey);
    else if (key === 'Enter') done = take(0);
    else if (/^[1-9]$/.test(key)) done = take(Number(key) - 1);
    else if (key === ' ' && at >= 0) box(at).checked = !box(at).checked;
    else if (key === 'd' || key === 'D') { if (at >= 0) box(at).checked = false; go(1); }
    else if (key === 'n' || key === 'N') {
      if (at >= 0) box(at).checked = true;
      var account = document.getElementById('ledger_account');
      if (account) account.focus(); else done = false;
    } else done = false;
    if (done) { event.preventDefault(); event.stopPropagation(); }
  }
  if (rows.length) go(1);
})();
