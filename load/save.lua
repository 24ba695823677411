-- Saves a draft of two lines with every request, each under a key of its own; counts what was not answered with a redirect.
local n, refused = 0, 0
local path, cookie, date, origin

function init(args)
  path, cookie, date, origin = args[1], args[2], args[3], args[4]
end

function request()
  n = n + 1
  local fields = { "key=load-" .. os.time() .. "-" .. n, "word=%E8%AE%B0", "date=" .. date, "papers=0",
    "summary=%E5%8E%8B%E6%B5%8B", "account=102", "dimensions=", "debit=1.00", "credit=",
    "summary=", "account=301", "dimensions=", "debit=", "credit=1.00", "do=draft" }
  local head = { ["Cookie"] = cookie, ["Origin"] = origin, ["Sec-Fetch-Site"] = "same-origin",
    ["Content-Type"] = "application/x-www-form-urlencoded" }
  return wrk.format("POST", path, head, table.concat(fields, "&"))
end

function response(status, _, body)
  if status ~= 303 then
    refused = refused + 1
    if refused == 1 then print("refused: " .. status .. " " .. body:sub(1, 300)) end
  end
end
