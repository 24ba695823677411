// Comforts of every page; all of it works without. ES2017, no other host.
(function () {
  'use strict';

  function chosenOf(button) {
    return button.form ? button.form.querySelectorAll('tbody input[type=checkbox]:checked') : [];
  }

  // The question with its effect in numbers: how many rows are chosen, and what they come to in whole fen.
  function named(button) {
    var chosen = chosenOf(button);
    var fen = Array.prototype.reduce.call(chosen, function (sum, box) {
      var cell = box.closest('tr').querySelector('td.num');
      return sum + (cell ? Number(cell.textContent.replace(/[,.\s]/g, '')) || 0 : 0);
    }, 0);
    var digits = ('00' + Math.abs(fen)).slice(-Math.max(3, String(Math.abs(fen)).length));
    var sum = (fen < 0 ? '-' : '') + digits.slice(0, -2).replace(/\B(?=(\d{3})+(?!\d))/g, ',') + '.' + digits.slice(-2);
    return button.dataset.confirm.replace('{n}', chosen.length).replace('{sum}', sum);
  }

  function made(tag, className, text) {
    var element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  }

  // Asks on the page. The focus stands on the way back: Enter alone does not confirm, Esc and Enter leave things as they are.
  function ask(button) {
    var veil = made('div', 'veil', ''), box = made('div', 'sure', ''), question = made('p', '', named(button));
    var no = made('button', '', document.body.dataset.cancel), yes = made('button', button.className || 'primary', button.textContent);
    question.id = 'sure';
    box.setAttribute('role', 'alertdialog');
    box.setAttribute('aria-modal', 'true');
    box.setAttribute('aria-labelledby', 'sure');
    no.type = yes.type = 'button';
    [question, no, yes].forEach(function (part) { box.appendChild(part); });
    veil.appendChild(box);
    document.body.appendChild(veil);
    function leave() { veil.remove(); button.focus(); }
    no.addEventListener('click', leave);
    yes.addEventListener('click', function () {
      leave();
      button.dataset.sure = '1';
      button.click();
    });
    box.addEventListener('keydown', function (event) {
      event.stopPropagation();
      if (event.key === 'Escape') { leave(); return; }
      if (event.key !== 'Tab' && event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      event.preventDefault();
      (document.activeElement === no ? yes : no).focus();
    });
    no.focus();
  }

  // Nothing is chosen: said where the buttons are, and nothing is asked.
  function sayNothing(button) {
    var said = made('p', 'notice warn', document.body.dataset.nothing);
    said.id = 'nothing';
    said.setAttribute('role', 'alert');
    button.parentNode.insertBefore(said, button.parentNode.firstChild);
  }

  // An act that cannot be undone asks first, with a second key.
  document.addEventListener('click', function (event) {
    var button = event.target.closest('button[data-confirm]');
    if (!button || button.dataset.sure === '1' || button.form && !button.form.reportValidity()) return;
    event.preventDefault();
    var old = document.getElementById('nothing');
    if (old) old.remove();
    if (button.dataset.confirm.indexOf('{n}') >= 0 && !chosenOf(button).length) sayNothing(button);
    else ask(button);
  });

  // A form is sent once; its key makes a second click harmless, this only shows it.
  document.addEventListener('submit', function (event) {
    setTimeout(function () {
      event.target.querySelectorAll('button').forEach(function (button) { button.classList.add('closing-soon'); });
    }, 300);
  });

  // A job says how far it is; when it ended the page is looked at anew.
  var job = document.querySelector('[data-events]');
  if (job && window.EventSource) {
    var source = new EventSource(job.dataset.events);
    source.onmessage = function (event) {
      job.querySelector('.progress').textContent = event.data;
      var part = /^(\d+) \/ (\d+)$/.exec(event.data), bar = job.querySelector('progress');
      if (part && bar) { bar.max = part[2]; bar.value = part[1]; }
    };
    source.addEventListener('ended', function () { source.close(); window.location.reload(); });
    source.onerror = function () { source.close(); setTimeout(function () { window.location.reload(); }, 2000); };
  }

  // Find in a long table.
  document.querySelectorAll('table[data-filter]').forEach(function (table) {
    if (table.tBodies[0].rows.length < 12) return;
    var box = document.createElement('input');
    box.type = 'search';
    box.placeholder = table.dataset.filter;
    box.setAttribute('aria-label', table.dataset.filter);
    box.className = 'tablefind';
    table.parentNode.insertBefore(box, table);
    box.addEventListener('input', function () {
      var words = box.value.trim().toLowerCase();
      Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
        row.hidden = words !== '' && row.textContent.toLowerCase().indexOf(words) < 0;
      });
    });
  });

  // Lists: J/K move, Space chooses, letters press their button. Nothing while a field is being typed in.
  var rows = Array.prototype.slice.call(document.querySelectorAll('table.rows tbody tr'));
  var todo = Array.prototype.slice.call(document.querySelectorAll('ol.todo a'));
  var at = -1;
  function go(step) {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, at + step));
    var link = rows[at].querySelector('a');
    if (link) link.focus();
  }
  // A table of links, as the supervision board has: arrows go from cell to cell, Enter opens.
  document.querySelectorAll('table[data-arrows]').forEach(function (table) {
    var STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    table.addEventListener('keydown', function (event) {
      var step = STEPS[event.key], cell = event.target.closest('td,th');
      if (!step || !cell) return;
      event.preventDefault();
      var row = cell.parentNode.rowIndex + step[0], column = cell.cellIndex + step[1], to;
      while ((to = table.rows[row] && table.rows[row].cells[column])) {
        var link = to.querySelector('a');
        if (link) { link.focus(); return; }
        row += step[0]; column += step[1];
      }
    });
  });

  // On a telephone a row of a wide table becomes a card: each value beside its heading.
  if (window.matchMedia('(max-width:480px)').matches) {
    document.querySelectorAll('table.sheet:not(.matrix)').forEach(function (table) {
      var heads = table.querySelectorAll('thead th');
      if (heads.length < 4) return;
      table.querySelectorAll('tbody tr, tfoot tr').forEach(function (row) {
        var at = 0;
        Array.prototype.forEach.call(row.cells, function (cell) {
          if (heads[at] && cell.colSpan === 1) cell.dataset.label = heads[at].textContent;
          at += cell.colSpan;
        });
      });
      table.classList.add('cards');
    });
  }

  document.addEventListener('keydown', function (event) {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    var tag = event.target.tagName;
    if (tag === 'INPUT' && event.target.type !== 'checkbox' || tag === 'SELECT' || tag === 'TEXTAREA') return;
    var keys = document.querySelector('details.keylist');
    if (keys && (event.key === '?' || event.key === '？' || event.key === 'Escape' && keys.open)) {
      keys.open = event.key !== 'Escape' && !keys.open;
      keys.querySelector('summary').focus();
      event.preventDefault();
      return;
    }
    if (event.key === '/') {
      var find = document.querySelector('.find input[type=search]');
      if (find) { find.focus(); event.preventDefault(); }
      return;
    }
    if (event.key === 'j' || event.key === 'J') { go(1); event.preventDefault(); return; }
    if (event.key === 'k' || event.key === 'K') { go(-1); event.preventDefault(); return; }
    if (event.key === ' ' && rows.length && at >= 0 && tag !== 'BUTTON') {
      var box = rows[at].querySelector('input[type=checkbox]');
      if (box) { box.checked = !box.checked; event.preventDefault(); }
      return;
    }
    if (/^[1-9]$/.test(event.key) && todo[event.key - 1]) { todo[event.key - 1].click(); return; }
    var button = document.querySelector('button[data-key="' + event.key.toUpperCase().replace(/[^A-Z]/g, '') + '"]');
    if (button && event.key.length === 1) { button.click(); event.preventDefault(); }
  });
})();
