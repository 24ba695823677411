// The keyboard grid of the voucher: comforts over a plain form, which works without. ES2017, no other host.
// Money is reckoned in whole fen (BigInt where sums could be long is not needed: a voucher stays below 2^53 fen).
(function () {
  'use strict';
  var form = document.getElementById('voucher');
  if (!form) return;
  var body = form.querySelector('.grid tbody');
  var COLUMNS = ['summary', 'account', 'dimensions', 'debit', 'credit'];
  var STORE = 'voucher:' + location.pathname;

  function half(text) {
    return text.replace(/[\uff01-\uff5e]/g, function (c) { return String.fromCharCode(c.charCodeAt(0) - 0xfee0); })
      .replace(/\u3000/g, ' ').replace(/\u3002/g, '.').replace(/\u3001/g, '/');
  }
  // Fen of a typed amount or a sum like 1200*3+50; null if it cannot be read.
  function fen(text) {
    var plain = half(text).replace(/[,\s\u00a5]/g, '');
    if (plain === '') return 0;
    if (/^-?\d+(\.\d{0,2})?$/.test(plain)) return exact(plain);
    if (!/^-?\d+(\.\d+)?([+\-*]\d+(\.\d+)?)+$/.test(plain)) return null;
    var sum = 0, sign = 1;
    var terms = plain.replace(/^-/, '0-').match(/[+\-]|[^+\-]+/g);
    for (var i = 0; i < terms.length; i++) {
      if (terms[i] === '+') { sign = 1; continue; }
      if (terms[i] === '-') { sign = -1; continue; }
      var value = product(terms[i].split('*'));
      if (value === null) return null;
      sum += sign * value;
    }
    return sum;
  }
  function exact(plain) {
    var negative = plain[0] === '-';
    var parts = plain.replace('-', '').split('.');
    var value = Number(parts[0]) * 100 + Number(((parts[1] || '') + '00').slice(0, 2));
    return negative ? -value : value;
  }
  // A product in whole numbers: decimals are counted, and the result must be whole fen.
  function product(factors) {
    var value = 1, decimals = 0;
    for (var i = 0; i < factors.length; i++) {
      var parts = factors[i].split('.');
      decimals += (parts[1] || '').length;
      value *= Number(parts.join(''));
    }
    var scale = Math.pow(10, Math.max(0, decimals - 2));
    value *= Math.pow(10, Math.max(0, 2 - decimals));
    return value % scale === 0 && value < 9e15 ? value / scale : null;
  }
  function yuan(value) {
    var positive = Math.abs(value);
    var cents = String(positive % 100);
    return (value < 0 ? '-' : '') + Math.floor(positive / 100) + '.' + (cents.length < 2 ? '0' : '') + cents;
  }
  function grouped(value) { return yuan(value).replace(/\B(?=(\d{3})+(?!\d))/g, ','); }
  function rowOf(input) { return input.closest('tr'); }
  function box(row, name) { return row.querySelector('[name=' + name + ']'); }
  function rows() { return Array.prototype.slice.call(body.rows); }

  function total(name) {
    return rows().reduce(function (sum, row) {
      var value = fen(box(row, name).value);
      return sum === null || value === null ? null : sum + value;
    }, 0);
  }
  function show() {
    var debit = total('debit'), credit = total('credit');
    document.getElementById('debits').textContent = debit === null ? '?' : grouped(debit);
    document.getElementById('credits').textContent = credit === null ? '?' : grouped(credit);
    var cell = document.getElementById('difference');
    var off = debit === null || credit === null ? null : debit - credit;
    cell.textContent = off === 0 ? '\u2713 ' + form.dataset.balanced : '\u2715 ' + form.dataset.off + ' ' + (off === null ? '?' : grouped(off));
    cell.className = off === 0 ? '' : 'off';
    rows().forEach(function (row) {
      ['debit', 'credit'].forEach(function (name) {
        var value = fen(box(row, name).value);
        box(row, name).classList.toggle('red', value !== null && value < 0);
      });
    });
  }
  function addRow() {
    var copy = body.rows[body.rows.length - 1].cloneNode(true);
    copy.querySelectorAll('input').forEach(function (input) { input.value = ''; });
    body.appendChild(copy);
    return copy;
  }
  function focus(row, name) {
    if (!row) row = addRow();
    var input = box(row, name);
    input.focus();
    input.select();
  }
  function next(input) {
    var at = COLUMNS.indexOf(input.name);
    if (input.name === 'debit' && input.value.trim() !== '') return focus(rowOf(input).nextElementSibling, 'summary');
    if (at < COLUMNS.length - 1) return focus(rowOf(input), COLUMNS[at + 1]);
    focus(rowOf(input).nextElementSibling, 'summary');
  }
  function back(input) {
    var at = COLUMNS.indexOf(input.name);
    if (at > 0) return focus(rowOf(input), COLUMNS[at - 1]);
    if (rowOf(input).previousElementSibling) focus(rowOf(input).previousElementSibling, 'credit');
  }
  function settle(input) {
    if (input.name !== 'debit' && input.name !== 'credit') return;
    var value = fen(input.value);
    if (input.value.trim() !== '' && value !== null) input.value = value === 0 ? '' : yuan(value);
  }
  function fill(input) {
    var row = rowOf(input), other = input.name === 'debit' ? 'credit' : 'debit';
    input.value = '';
    box(row, other).value = '';
    var debit = total('debit'), credit = total('credit');
    if (debit === null || credit === null) return;
    var missing = input.name === 'debit' ? credit - debit : debit - credit;
    input.value = missing === 0 ? '' : yuan(missing);
  }
  function swap(input) {
    var row = rowOf(input), other = box(row, input.name === 'debit' ? 'credit' : 'debit');
    var value = input.value;
    settle(input);
    value = input.value;
    input.value = '';
    other.value = value;
    other.focus();
  }
  // A character may have several readings: each typed letter must be one of them.
  function spelt(option, plain, whole) {
    var letters = option.dataset.letters.split(',');
    if (whole ? letters.length !== plain.length : letters.length < plain.length) return false;
    return plain.split('').every(function (letter, at) { return letters[at].indexOf(letter) >= 0; });
  }
  // The account somebody means by a code, a part of its name or the initials of it: one, several or none.
  function meant(text) {
    var plain = half(text).trim().toLowerCase();
    var all = Array.prototype.slice.call(document.querySelectorAll('#accounts option'));
    if (plain === '') return [];
    var exact = all.filter(function (option) { return option.value.toLowerCase() === plain || option.value.split(' ')[0] === plain; });
    if (exact.length) return exact;
    var whole = all.filter(function (option) { return spelt(option, plain, true); });
    if (whole.length) return whole;
    return all.filter(function (option) { return option.value.indexOf(plain) >= 0 || spelt(option, plain, false); });
  }
  // Puts the account's full name in its box and says what stands on it.
  function name(input) {
    if (input.name !== 'account') return;
    var found = meant(input.value);
    if (found.length === 1) input.value = found[0].value;
    standing(input);
  }
  function standing(input) {
    var line = document.getElementById('focused');
    var found = meant(box(rowOf(input), 'account').value);
    line.textContent = found.length === 1 ? found[0].value + ' \u00b7 ' + line.dataset.balance + ' ' + found[0].dataset.balance : '';
  }
  function shorthand(input) {
    var text = half(input.value).trim(), list = rows();
    var row = rowOf(input), above = row.previousElementSibling;
    if ((text === '..' || input.value === '\u3002\u3002') && above) input.value = box(above, 'summary').value;
    if ((text === '//' || input.value === '\u3001\u3001') && list[0] !== row) input.value = box(list[0], 'summary').value;
  }

  form.addEventListener('keydown', function (event) {
    var input = event.target;
    if (event.isComposing) return;
    if (event.key === 'F12' || event.ctrlKey && event.key === 'Enter') { event.preventDefault(); form.querySelector('[data-key=next]').click(); return; }
    if (event.ctrlKey && (event.key === 's' || event.key === 'S')) { event.preventDefault(); form.querySelector('[data-key=save]').click(); return; }
    if (event.key === 'F4') {
      var first = document.querySelector('#templates a');
      if (first) { event.preventDefault(); first.focus(); }
      return;
    }
    if (COLUMNS.indexOf(input.name) < 0) {
      if (event.key === 'Enter' && input.tagName !== 'BUTTON') {
        event.preventDefault();
        if (input.name === 'papers') focus(body.rows[0], 'summary');
        else { var fields = Array.prototype.slice.call(form.elements); fields[fields.indexOf(input) + 1].focus(); }
      }
      return;
    }
    var money = input.name === 'debit' || input.name === 'credit';
    var key = half(event.key);
    if (event.key === 'F2') { event.preventDefault(); box(rowOf(input), 'dimensions').focus(); }
    else if (event.key === 'F7') {
      event.preventDefault();
      var account = box(rowOf(input), 'account');
      account.focus();
      if (account.showPicker) account.showPicker();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      shorthand(input); settle(input); name(input); show(); keep();
      if (input.name === 'account' && meant(input.value).length > 1) { if (input.showPicker) input.showPicker(); return; }
      if (event.shiftKey) back(input); else next(input);
    } else if (event.key === 'ArrowDown' && !input.list) { event.preventDefault(); focus(rowOf(input).nextElementSibling, input.name); }
    else if (event.key === 'ArrowUp' && !input.list && rowOf(input).previousElementSibling) { event.preventDefault(); focus(rowOf(input).previousElementSibling, input.name); }
    else if (event.ctrlKey && event.key === 'Insert') { event.preventDefault(); body.insertBefore(addRow(), rowOf(input)); focus(rowOf(input).previousElementSibling, 'summary'); }
    else if (event.ctrlKey && event.key === 'Delete') {
      event.preventDefault();
      var row = rowOf(input), after = row.nextElementSibling || row.previousElementSibling;
      if (body.rows.length > 1) { row.remove(); focus(after, 'summary'); show(); keep(); }
    } else if (money && key === '=') { event.preventDefault(); fill(input); show(); keep(); }
    else if (money && key === ' ') { event.preventDefault(); swap(input); show(); keep(); }
    else if (money && key === '-' && input.value.trim() !== '' && !/[*+\-]$/.test(input.value) && input.selectionStart === input.selectionEnd && input.selectionStart === 0) {
      event.preventDefault();
      input.value = input.value[0] === '-' ? input.value.slice(1) : '-' + input.value;
      show(); keep();
    }
  });
  // With an input method on, `＝` and a full-width blank arrive as text, not as keys; they mean the same.
  function typed(event) {
    var input = event.target;
    if (event.isComposing) return;
    if (input.name === 'debit' || input.name === 'credit') {
      if (half(input.value).indexOf('=') >= 0) fill(input);
      else if (/\u3000/.test(input.value)) { input.value = input.value.replace(/\u3000/g, ''); swap(input); }
    }
    show(); keep();
  }
  form.addEventListener('input', typed);
  form.addEventListener('compositionend', typed);
  form.addEventListener('change', function (event) {
    if (event.target.name === 'summary') shorthand(event.target);
    settle(event.target);
    name(event.target);
    show(); keep();
  });

  form.addEventListener('focusin', function (event) {
    if (COLUMNS.indexOf(event.target.name) >= 0) standing(event.target);
  });

  // A dead line or a refresh loses nothing: what is typed is kept in the browser until it was saved.
  function keep() {
    var typed = Array.prototype.map.call(form.elements, function (field) { return field.name && field.name !== 'key' && field.type !== 'submit' ? [field.name, field.value] : null; });
    try { localStorage.setItem(STORE, JSON.stringify(typed.filter(Boolean))); } catch (full) { /* the page still works */ }
  }
  function restore() {
    var kept;
    try { kept = JSON.parse(localStorage.getItem(STORE) || 'null'); } catch (bad) { kept = null; }
    if (!kept || location.search.indexOf('saved=') >= 0) { try { localStorage.removeItem(STORE); } catch (off) { /* nothing kept */ } return; }
    if (rows().some(function (row) { return box(row, 'account').value !== ''; })) return;
    var count = kept.filter(function (pair) { return pair[0] === 'summary'; }).length;
    while (body.rows.length < count) addRow();
    var seen = {};
    kept.forEach(function (pair) {
      var fields = form.querySelectorAll('[name="' + pair[0] + '"]');
      var at = seen[pair[0]] || 0;
      seen[pair[0]] = at + 1;
      if (fields[at]) fields[at].value = pair[1];
    });
  }
  restore();
  show();
  // After a refusal the cell it names is where one goes on.
  var refused = document.querySelector('.notice.bad');
  var place = refused && /\u7b2c ?(\d+) ?\u884c(.{0,4})/.exec(refused.textContent);
  var cells = { '\u79d1\u76ee': 'account', '\u8f85\u52a9\u6838\u7b97': 'dimensions', '\u501f\u65b9\u91d1\u989d': 'debit', '\u8d37\u65b9\u91d1\u989d': 'credit' };
  var row = place ? rows()[place[1] - 1] : null;
  focus(row || body.rows[0], row && cells[place[2]] || 'summary');
})();
