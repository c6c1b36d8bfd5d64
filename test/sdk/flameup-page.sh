# The curl of the vendor's Devices page, quiet and with the status behind each answer. The token is not escaped, as the
# page does not escape it. Arguments: base URL, API key, person, token.
api=$1 your_api_key=$2 person_id=$3 device_token=$4
curl() { command curl -s -S -w '\n%{http_code}\n' --max-time 10 "$@"; }

curl -X POST "$api/api/v1/people/$person_id/devices" \
-H "Content-Type: application/json" \
-H "Authorization: Bearer $your_api_key" \
-d '{
"token": "'"$device_token"'",
"platform": "ios",
"device_name": "iPhone 15 Pro",
"device_model": "iPhone16,1",
"os_version": "17.2",
"app_version": "2.1.0"
}'

curl "$api/api/v1/people/$person_id/devices" \
-H "Authorization: Bearer $your_api_key"

curl -X POST "$api/api/v1/people/$person_id/devices" \
-H "Content-Type: application/json" \
-H "Authorization: Bearer $your_api_key" \
-d '{"token": "'"$device_token"'", "platform": "ios", "app_version": "2.2.0", "os_version": "17.3"}'

curl -X DELETE "$api/api/v1/people/$person_id/devices/$device_token" \
-H "Authorization: Bearer $your_api_key"
