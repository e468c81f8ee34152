"""Makes one call with each official library that is installed, one after the other, under `fourthwall run`, and asks the gateway after each what
arrived. One line of JSON a call; {"name": ..., "missing": MODULE} where the library is not installed."""
import json
import os
import sys
import urllib.parse
import urllib.request

SERVICE = urllib.parse.unquote(urllib.parse.urlparse(os.environ['FOURTHWALL_PROXY']).username)
AWS = {'region_name': 'eu-west-1', 'aws_access_key_id': 'AKIA' + '0' * 16, 'aws_secret_access_key': 'x' * 40}


def sendgrid():
    from sendgrid import SendGridAPIClient
    from sendgrid.helpers.mail import Mail
    SendGridAPIClient('.'.join(['SG', 'x' * 22, 'y' * 43])).send(Mail('shop@example.test', 'ann@example.test', 'Your order', 'Thank you'))


def mailgun():
    from mailgun.client import Client
    answer = Client(auth=('api', '0' * 32)).messages.create(data={'from': 'shop@example.test', 'to': 'ann@example.test', 'subject': 'Your order', 'text': 'Thank you'}, domain='mg.example.test')
    # It gives the answer back, whatever its status.
    if answer.status_code != 200:
        raise RuntimeError(f'{answer.status_code} {answer.text}')


def postmark():
    import postmark as library
    with library.sync.ServerClient('00000000-0000-0000-0000-000000000000') as client:
        client.outbound.send({'sender': 'shop@example.test', 'to': 'ann@example.test', 'subject': 'Your order', 'text_body': 'Thank you'})


def resend():
    import resend as library
    library.api_key = 're_' + '0' * 24
    library.Emails.send({'from': 'shop@example.test', 'to': ['ann@example.test'], 'subject': 'Your order', 'text': 'Thank you'})


def ses():
    import boto3
    boto3.client('ses', **AWS).send_email(
        Source='shop@example.test', Destination={'ToAddresses': ['ann@example.test']}, Message={'Subject': {'Data': 'Your order'}, 'Body': {'Text': {'Data': 'Thank you'}}})


def sesv2():
    import boto3
    boto3.client('sesv2', **AWS).send_email(
        FromEmailAddress='shop@example.test', Destination={'ToAddresses': ['ann@example.test']},
        Content={'Simple': {'Subject': {'Data': 'Your order'}, 'Body': {'Text': {'Data': 'Thank you'}}}})


def sns():
    import boto3
    boto3.client('sns', **AWS).publish(PhoneNumber='+15005550006', Message='Order A-1001 has shipped')


def twilio():
    from twilio.rest import Client
    Client('AC' + '0' * 32, 'f' * 32).messages.create(to='+15005550006', from_='+15005550001', body='Order A-1001 has shipped')


def stripe():
    import stripe as library
    library.api_key = '_'.join(['sk', 'test', '0' * 24])
    library.ca_bundle_path = os.environ['SSL_CERT_FILE']
    library.Customer.create(email='ann@example.test')


def arrived(after):
    with urllib.request.urlopen(f"{os.environ['FOURTHWALL_URL']}/api/captures?service={SERVICE}&after={after}&limit=50") as response:
        return json.load(response)['items']


seq = 0
for name in sys.argv[1:]:
    outcome = {'name': name, 'resolved': True}
    try:
        globals()[name]()
    except ModuleNotFoundError as error:
        print(json.dumps({'name': name, 'missing': error.name}))
        continue
    except Exception as error:  # every library has its own
        outcome = {'name': name, 'resolved': False, 'error': f"{type(error).__name__}: {error} {getattr(error, 'body', '')}"}
    calls = arrived(seq)
    seq = max([seq, *(call['seq'] for call in calls)])
    print(json.dumps({**outcome, 'arrived': [{key: call[key] for key in ('provider', 'action', 'rule', 'recipients')} for call in calls]}), flush=True)
