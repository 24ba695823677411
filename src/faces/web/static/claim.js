// Photographs made small before they go, one by one with another try; what was typed survives a dead line.
// All of it works without. ES2017, no other host.
(function () {
  'use strict';
  var LONGEST = 1600, TRIES = 6;

  // What was typed in a new claim is kept here until it was saved.
  document.querySelectorAll('form[data-keep]').forEach(function (form) {
    var name = 'cunzhang:' + form.dataset.keep;
    var kept = {};
    try { kept = JSON.parse(localStorage.getItem(name) || '{}'); } catch (e) { kept = {}; }
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name && field.type !== 'hidden' && kept[field.name] !== undefined) field.value = kept[field.name];
    });
    form.addEventListener('input', function () {
      var now = {};
      Array.prototype.forEach.call(form.elements, function (field) {
        if (field.name && field.type !== 'hidden' && field.type !== 'file') now[field.name] = field.value;
      });
      localStorage.setItem(name, JSON.stringify(now));
    });
    form.addEventListener('submit', function () { if (navigator.onLine) localStorage.removeItem(name); });
  });

  function smaller(file) {
    return new Promise(function (done) {
      var picture = new Image();
      picture.onerror = function () { done(file); };
      picture.onload = function () {
        var part = Math.min(1, LONGEST / Math.max(picture.naturalWidth, picture.naturalHeight));
        var canvas = document.createElement('canvas');
        canvas.width = Math.round(picture.naturalWidth * part);
        canvas.height = Math.round(picture.naturalHeight * part);
        canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(picture.src);
        canvas.toBlob(function (blob) { done(blob && blob.size < file.size ? blob : file); }, 'image/jpeg', 0.75);
      };
      picture.src = URL.createObjectURL(file);
    });
  }

  function wait(ms) { return new Promise(function (done) { setTimeout(done, ms); }); }

  async function send(form, file, name, say) {
    for (var n = 1; n <= TRIES; n++) {
      var body = new FormData();
      body.append('photo', file, name);
      try {
        var answer = await fetch(form.action, { method: 'POST', body: body, redirect: 'manual', credentials: 'same-origin' });
        if (answer.type === 'opaqueredirect') return true;
        if (answer.status === 422 || answer.status === 413) return false;
      } catch (broken) { /* the line broke: try again */ }
      say('↻ ' + n);
      await wait(800 * n);
    }
    return false;
  }

  document.querySelectorAll('form[enctype] input[type=file]').forEach(function (input) {
    if (!window.fetch || !HTMLCanvasElement.prototype.toBlob) return;
    var form = input.form;
    var line = document.createElement('p');
    line.setAttribute('role', 'status');
    form.appendChild(line);
    form.addEventListener('submit', async function (event) {
      event.preventDefault();
      var files = Array.prototype.slice.call(input.files), failed = 0;
      for (var at = 0; at < files.length; at++) {
        var said = (at + 1) + ' / ' + files.length;
        line.textContent = said;
        var blob = await smaller(files[at]);
        var sent = await send(form, blob, files[at].name, function (more) { line.textContent = said + ' ' + more; });
        if (!sent) failed++;
      }
      if (failed === 0) { location.reload(); } else { line.textContent = '✕ ' + failed; HTMLFormElement.prototype.submit.call(form); }
    });
  });
})();
