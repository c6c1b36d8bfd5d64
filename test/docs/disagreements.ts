/** Where a document and the gateway judge a body differently, and why that is intended. */
interface Disagreement {
  readonly operations: RegExp
  readonly cases: RegExp
  /** Which of the two refuses it. */
  readonly refuses: 'document' | 'gateway'
  readonly why: string
}

const IGNORED = 'descriptive: of another kind it is ignored, so that no device fails to register for it'
const UNKNOWN = 'the vendor answers an unknown one as a wrong value'
const AS_CREDENTIAL = 'read as a credential: who sends another is answered as a stranger'
const REFINED = 'a rule of the validating schema that JSON Schema has no word for'

export const DISAGREEMENTS: Readonly<Record<string, readonly Disagreement[]>> = {
  mobilefirst: [
    {
      operations: /^updateWebhook$/,
      cases: /^name: /,
      refuses: 'gateway',
      why: 'it has to be the name in the path',
    },
    {
      operations: /^sendMessages?$/,
      cases: /(^|\.)target\.(deviceIds|userIds|consumerIds|platforms|phoneNumber): /,
      refuses: 'gateway',
      why: 'the example has tagNames already, and a message has one kind of addressing; null members do not count',
    },
    {
      operations: /^sendMessages?$/,
      cases: /(^|\.)notificationType: true/,
      refuses: 'document',
      why: 'read as a number, which true is to JavaScript; nobody sends it',
    },
    {
      operations: /^(registerClient|registerClientAgain)$/,
      cases: /^signedRegistrationData\.(header|payload|signature): /,
      refuses: 'gateway',
      why: 'the signature says whether it is right',
    },
    {
      operations: /^(set|post)ApnsConf$/,
      cases: /^(certificate|password): /,
      refuses: 'gateway',
      why: 'the file says whether it is a certificate, and which password opens it',
    },
    {
      operations: /^issueToken$/,
      cases: /^(scope|code|redirect_uri|client_assertion): words/,
      refuses: 'gateway',
      why: 'what was granted before says whether it is right',
    },
    {
      operations: /^(heartbeat|logout)$/,
      cases: /^client_assertion: words/,
      refuses: 'gateway',
      why: 'the signature says whether it is right',
    },
    {
      operations: /^preauthorize$/,
      cases: /^client_id: /,
      refuses: 'gateway',
      why: UNKNOWN,
    },
  ],
  pushwoosh: [
    {
      operations: /./,
      cases: /^(request: (\{|left out)|(request\.)?application: |instead of the body: \{)/,
      refuses: 'document',
      why: 'without a known application, a device is told so, whatever else it says',
    },
    { operations: /./, cases: /^(request\.)?auth: /, refuses: 'document', why: AS_CREDENTIAL },
    {
      operations: /./,
      cases:
        /^request\.(userId|language|timezone|attributes|productIdentifier|price|transactionDate|merge|badge|madid): /,
      refuses: 'document',
      why: IGNORED,
    },
    {
      operations: /^bulkRegisterDevice$/,
      cases: /^devices\.0/,
      refuses: 'document',
      why: 'a wrong row is told of in the result of the job',
    },
    {
      operations: /(Message|MsgStats|Details|Results|Stats)$/,
      cases: /^request\.(message|request_id): "words"/,
      refuses: 'gateway',
      why: UNKNOWN,
    },
    {
      operations: /^(deleteMessage|cancelMessage|cancel)$/,
      cases: /zz: unknown/,
      refuses: 'gateway',
      why: 'the example before has deleted the message, which is unknown from then on',
    },
    {
      operations: /./,
      cases:
        /^request\.(device_type|email|sms_phone_number|whatsapp_phone_number|push_devices\.0\.platform): /,
      refuses: 'gateway',
      why: 'an address, a number or a kind of device that the contract’s tables decide on',
    },
    {
      operations: /^(setTags|getTags|multiRegisterDevice)$/,
      cases: /^request\.(hwid|push_devices): left out/,
      refuses: 'gateway',
      why: 'it may be left out where another member says whom the call is about, which the example does not have',
    },
    {
      operations: /^notify$/,
      cases: /^(instead of the body: |transactional: left out|transactional\.(payload|platforms|hwids))/,
      refuses: 'gateway',
      why: 'the document says the outline of a version 2 message; its parts have a syntax of the vendor’s own',
    },
    {
      operations: /^notify$/,
      cases: /^(segment: |transactional: \{|transactional\.application: )/,
      refuses: 'document',
      why: 'one of segment and transactional is read, and without a known application there is no message to judge',
    },
    {
      operations: /^create(Targeted)?Message$/,
      cases: /^request\.(notifications\.0\.)?(send_date|content|devices_filter): /,
      refuses: 'gateway',
      why: 'words, dates and filters have a syntax of the vendor’s own',
    },
  ],
  'pusher-beams': [
    {
      operations: /^registerDevice$/,
      cases: /^bundleIdentifier: /,
      refuses: 'document',
      why: 'read for apns alone; the example is of fcm',
    },
    {
      operations: /^report$/,
      cases: /^(userId|appInBackground|hasDisplayableContent|hasData): /,
      refuses: 'document',
      why: IGNORED,
    },
    {
      operations: /^publishTo/,
      cases: /^fcm: (left out|null)/,
      refuses: 'gateway',
      why: 'one of apns, fcm and web is needed, of which the example has one',
    },
  ],
  backendless: [
    {
      operations: /^registerDevice$/,
      cases: /^expiration: (7|-1|1\.5)/,
      refuses: 'gateway',
      why: 'it has to be in the future',
    },
    {
      operations: /^push$/,
      cases: /^segmentQuery: /,
      refuses: 'gateway',
      why: 'segments live in the vendor’s console: a message for one is refused rather than sent to all',
    },
  ],
  flameup: [
    {
      operations: /./,
      cases: /^(token|person_id|user_id): ""/,
      refuses: 'gateway',
      why: REFINED,
    },
    {
      operations: /^send/,
      cases: /^(custom_data|data|variables|template\.data): /,
      refuses: 'gateway',
      why: REFINED,
    },
    { operations: /^sendTransactional$/, cases: /^template/, refuses: 'gateway', why: REFINED },
  ],
}
