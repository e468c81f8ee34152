export interface SetUp { readonly id: string; readonly label: string; readonly text: string }

/** What to paste, with the ports this gateway really has. `host` is how the viewer reaches it. */
export function setUpLines(host: string, ports: Readonly<Record<string, number>>, pageOrigin: string): readonly SetUp[] {
  const http = ports['http'];
  const smtp = ports['smtp'];
  const smtps = ports['smtps'];
  const proxy = http === undefined ? null : `http://my-service:x@${host}:${http}`;
  const ca = `curl -so fourthwall-ca.pem ${pageOrigin}/ca.pem`;
  return [
    ...(proxy === null ? [] : [
      { id: 'curl', label: 'curl', text: `${ca}\ncurl --proxy ${proxy} --cacert fourthwall-ca.pem \\\n  https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json \\\n  --user AC00000000000000000000000000000000:test \\\n  --data-urlencode To=+15005550006 --data-urlencode From=+15005550001 -d Body=Hello` },
      { id: 'node', label: 'Node', text: `${ca}\nexport NODE_EXTRA_CA_CERTS="$PWD/fourthwall-ca.pem"\nexport NODE_USE_ENV_PROXY=1   # Node 24: fetch and http(s) obey the proxy variables\nexport HTTP_PROXY=${proxy} HTTPS_PROXY=${proxy} NO_PROXY=localhost,127.0.0.1\nnode app.js` },
      { id: 'python', label: 'Python', text: `curl -so fourthwall-bundle.pem ${pageOrigin}/ca-bundle.pem\nexport REQUESTS_CA_BUNDLE="$PWD/fourthwall-bundle.pem" SSL_CERT_FILE="$PWD/fourthwall-bundle.pem"\nexport HTTP_PROXY=${proxy} HTTPS_PROXY=${proxy} NO_PROXY=localhost,127.0.0.1\npython app.py` },
      { id: 'reverse', label: 'Base URL', text: `# where an SDK takes a base URL and no proxy\nhttp://${host}:${http}/~/api.sendgrid.com\nhttp://${host}:${http}/~/api.stripe.com` },
    ]),
    ...(smtp === undefined ? [] : [{ id: 'smtp', label: 'SMTP', text: `SMTP_HOST=${host}\nSMTP_PORT=${smtp}        # STARTTLS is offered${smtps === undefined ? '' : `; ${smtps} is TLS from the start`}\nSMTP_USER=my-service    # or my-service+run-name; any password` }]),
  ];
}
