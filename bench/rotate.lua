-- Asks for each address in turn and counts answers of any other status than the one expected.
-- Arguments: METHOD STATUS, then addresses; of a POST, the path and then each form.

dofile("bench/report.lua")

unexpected = 0

local asked = {}
local at = 0
local expected

function init(args)
  local method = args[1]
  expected = tonumber(args[2])
  if method == "POST" then
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
    for number = 4, #args do
      table.insert(asked, wrk.format("POST", args[3], nil, args[number]))
    end
  else
    for number = 3, #args do
      table.insert(asked, wrk.format(method, args[number]))
    end
  end
end

function request()
  at = at % #asked + 1
  return asked[at]
end

function response(status)
  if status ~= expected then
    unexpected = unexpected + 1
  end
end
