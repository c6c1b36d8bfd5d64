"""The Python of the vendor's Devices page. The page uses `requests`, which this machine need not have: the few lines on
top offer its three calls over the standard library. Arguments: base URL, API key, person, token. Prints JSON lines."""
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

API, API_KEY, person_id, fcm_token = sys.argv[1:5]


class Response:
    def __init__(self, status, body):
        self.status_code, self.body, self.ok = status, body, status < 400

    def json(self):
        return json.loads(self.body)


class requests:
    @staticmethod
    def call(method, url, headers, json_body=None):
        data = None if json_body is None else json.dumps(json_body).encode()
        request = urllib.request.Request(url, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return Response(response.status, response.read())
        except urllib.error.HTTPError as error:
            return Response(error.code, error.read())

    @staticmethod
    def post(url, headers, json):
        return requests.call('POST', url, headers, json)

    @staticmethod
    def get(url, headers):
        return requests.call('GET', url, headers)

    @staticmethod
    def delete(url, headers):
        return requests.call('DELETE', url, headers)


def tell(value):
    print(json.dumps(value))


# Register
response = requests.post(
    f'{API}/api/v1/people/{person_id}/devices',
    headers={
        'Content-Type': 'application/json',
        'Authorization': f'Bearer {API_KEY}'
    },
    json={
        'token': fcm_token,
        'platform': 'ios',
        'device_name': 'iPhone 15 Pro',
        'device_model': 'iPhone16,1',
        'os_version': '17.2',
        'app_version': '2.1.0'
    }
)
device = response.json()
tell({'status': response.status_code, 'device': device})

# List
response = requests.get(
    f'{API}/api/v1/people/{person_id}/devices',
    headers={'Authorization': f'Bearer {API_KEY}'}
)
devices = response.json()['devices']
tell(devices)

# Re-register with updated info
existing_token = fcm_token
response = requests.post(
    f'{API}/api/v1/people/{person_id}/devices',
    headers={
        'Content-Type': 'application/json',
        'Authorization': f'Bearer {API_KEY}'
    },
    json={
        'token': existing_token,
        'platform': 'ios',
        'app_version': '2.2.0',
        'os_version': '17.3'
    }
)
tell({'status': response.status_code, 'device': response.json()})

# Delete, and once more as a logout does whose token is gone already
for _ in range(2):
    device_token = fcm_token
    response = requests.delete(
        f'{API}/api/v1/people/{person_id}/devices/{urllib.parse.quote(device_token, safe="")}',
        headers={'Authorization': f'Bearer {API_KEY}'}
    )
    tell({'status': response.status_code, 'ok': response.ok})
