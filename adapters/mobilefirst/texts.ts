/** Error messages; `{name}` stands for the invalid parameter or resource. */
export type MessageKey =
  | 'badJson'
  | 'badValue'
  | 'badKind'
  | 'missingQuery'
  | 'badOffset'
  | 'badSize'
  | 'badPath'
  | 'unauthorized'
  | 'forbidden'
  | 'notFound'
  | 'mediaType'
  | 'notAcceptable'
  | 'exists'
  | 'disabled'
  | 'subscribed'
  | 'reserved'
  | 'tooLarge'
  | 'busy'
  | 'full'
  | 'internal'

export const en: Record<MessageKey, string> = {
  badJson: 'The request body is not valid JSON.',
  badValue: 'The value of the parameter "{name}" is missing or not valid.',
  badKind: 'The request body must be a JSON object.',
  missingQuery: 'The query parameter "{name}" is missing.',
  badOffset: 'The parameter "offset" must be a whole number, zero or greater.',
  badSize: 'The parameter "size" must be a whole number, one or greater.',
  badPath: 'The address of the request is malformed.',
  unauthorized: 'The caller is not authenticated.',
  forbidden: 'The caller is not authorized to make this request.',
  notFound: 'The requested resource "{name}" was not found.',
  mediaType: 'The content type of the request is not supported.',
  notAcceptable: 'The content type that is asked for in the Accept header is not supported.',
  disabled: 'The application "{name}" is disabled.',
  exists: 'The resource "{name}" exists already.',
  subscribed: 'The subscription to "{name}" exists already.',
  reserved: 'The name "{name}" is reserved.',
  tooLarge: 'The request is too large.',
  busy: 'The service is busy. Try again later.',
  full: 'The application has as many devices as its limit allows.',
  internal: 'An internal error occurred.',
}

export const de: typeof en = {
  badJson: 'Der Anforderungshauptteil ist kein gültiges JSON.',
  badValue: 'Der Wert des Parameters "{name}" fehlt oder ist ungültig.',
  badKind: 'Der Anforderungshauptteil muss ein JSON-Objekt sein.',
  missingQuery: 'Der Abfrageparameter "{name}" fehlt.',
  badOffset: 'Der Parameter "offset" muss eine ganze Zahl ab null sein.',
  badSize: 'Der Parameter "size" muss eine ganze Zahl ab eins sein.',
  badPath: 'Die Adresse der Anforderung ist fehlerhaft.',
  unauthorized: 'Der Aufrufer ist nicht authentifiziert.',
  forbidden: 'Der Aufrufer ist für diese Anforderung nicht berechtigt.',
  notFound: 'Die angeforderte Ressource "{name}" wurde nicht gefunden.',
  mediaType: 'Der Inhaltstyp der Anforderung wird nicht unterstützt.',
  notAcceptable: 'Der im Accept-Header verlangte Inhaltstyp wird nicht unterstützt.',
  disabled: 'Die Anwendung "{name}" ist inaktiviert.',
  exists: 'Die Ressource "{name}" ist bereits vorhanden.',
  subscribed: 'Das Abonnement für "{name}" ist bereits vorhanden.',
  reserved: 'Der Name "{name}" ist reserviert.',
  tooLarge: 'Die Anforderung ist zu groß.',
  busy: 'Der Dienst ist ausgelastet. Versuchen Sie es später erneut.',
  full: 'Die Anwendung hat so viele Geräte, wie ihre Obergrenze zulässt.',
  internal: 'Ein interner Fehler ist aufgetreten.',
}

export const fr: typeof en = {
  badJson: "Le corps de la requête n'est pas un document JSON valide.",
  badValue: 'La valeur du paramètre "{name}" est manquante ou non valide.',
  badKind: 'Le corps de la requête doit être un objet JSON.',
  missingQuery: 'Le paramètre de requête "{name}" est manquant.',
  badOffset: 'Le paramètre "offset" doit être un entier supérieur ou égal à zéro.',
  badSize: 'Le paramètre "size" doit être un entier supérieur ou égal à un.',
  badPath: "L'adresse de la requête est incorrecte.",
  unauthorized: "L'appelant n'est pas authentifié.",
  forbidden: "L'appelant n'est pas autorisé à effectuer cette requête.",
  notFound: 'La ressource demandée "{name}" est introuvable.',
  mediaType: "Le type de contenu de la requête n'est pas pris en charge.",
  notAcceptable: "Le type de contenu demandé dans l'en-tête Accept n'est pas pris en charge.",
  disabled: 'L\'application "{name}" est désactivée.',
  exists: 'La ressource "{name}" existe déjà.',
  subscribed: 'L\'abonnement à "{name}" existe déjà.',
  reserved: 'Le nom "{name}" est réservé.',
  tooLarge: 'La requête est trop volumineuse.',
  busy: 'Le service est surchargé. Réessayez plus tard.',
  full: "L'application a atteint son nombre maximal d'appareils.",
  internal: 'Une erreur interne est survenue.',
}

export const it: typeof en = {
  badJson: 'Il corpo della richiesta non è un JSON valido.',
  badValue: 'Il valore del parametro "{name}" è mancante o non valido.',
  badKind: 'Il corpo della richiesta deve essere un oggetto JSON.',
  missingQuery: 'Il parametro di query "{name}" è mancante.',
  badOffset: 'Il parametro "offset" deve essere un numero intero maggiore o uguale a zero.',
  badSize: 'Il parametro "size" deve essere un numero intero maggiore o uguale a uno.',
  badPath: "L'indirizzo della richiesta non è corretto.",
  unauthorized: 'Il chiamante non è autenticato.',
  forbidden: 'Il chiamante non è autorizzato a effettuare questa richiesta.',
  notFound: 'La risorsa richiesta "{name}" non è stata trovata.',
  mediaType: 'Il tipo di contenuto della richiesta non è supportato.',
  notAcceptable: "Il tipo di contenuto richiesto nell'intestazione Accept non è supportato.",
  disabled: 'L\'applicazione "{name}" è disabilitata.',
  exists: 'La risorsa "{name}" esiste già.',
  subscribed: 'La sottoscrizione a "{name}" esiste già.',
  reserved: 'Il nome "{name}" è riservato.',
  tooLarge: 'La richiesta è troppo grande.',
  busy: 'Il servizio è occupato. Riprovare più tardi.',
  full: "L'applicazione ha raggiunto il numero massimo di dispositivi.",
  internal: 'Si è verificato un errore interno.',
}

export const es: typeof en = {
  badJson: 'El cuerpo de la solicitud no es un JSON válido.',
  badValue: 'El valor del parámetro "{name}" falta o no es válido.',
  badKind: 'El cuerpo de la solicitud debe ser un objeto JSON.',
  missingQuery: 'Falta el parámetro de consulta "{name}".',
  badOffset: 'El parámetro "offset" debe ser un número entero mayor o igual que cero.',
  badSize: 'El parámetro "size" debe ser un número entero mayor o igual que uno.',
  badPath: 'La dirección de la solicitud no es correcta.',
  unauthorized: 'El llamante no está autenticado.',
  forbidden: 'El llamante no está autorizado para realizar esta solicitud.',
  notFound: 'No se ha encontrado el recurso solicitado "{name}".',
  mediaType: 'El tipo de contenido de la solicitud no está soportado.',
  notAcceptable: 'El tipo de contenido pedido en la cabecera Accept no está soportado.',
  disabled: 'La aplicación "{name}" está inhabilitada.',
  exists: 'El recurso "{name}" ya existe.',
  subscribed: 'La suscripción a "{name}" ya existe.',
  reserved: 'El nombre "{name}" está reservado.',
  tooLarge: 'La solicitud es demasiado grande.',
  busy: 'El servicio está ocupado. Vuelva a intentarlo más tarde.',
  full: 'La aplicación ha alcanzado su número máximo de dispositivos.',
  internal: 'Se ha producido un error interno.',
}

export const ptBR: typeof en = {
  badJson: 'O corpo da solicitação não é um JSON válido.',
  badValue: 'O valor do parâmetro "{name}" está ausente ou não é válido.',
  badKind: 'O corpo da solicitação deve ser um objeto JSON.',
  missingQuery: 'O parâmetro de consulta "{name}" está ausente.',
  badOffset: 'O parâmetro "offset" deve ser um número inteiro maior ou igual a zero.',
  badSize: 'O parâmetro "size" deve ser um número inteiro maior ou igual a um.',
  badPath: 'O endereço da solicitação está incorreto.',
  unauthorized: 'O chamador não está autenticado.',
  forbidden: 'O chamador não está autorizado a fazer esta solicitação.',
  notFound: 'O recurso solicitado "{name}" não foi encontrado.',
  mediaType: 'O tipo de conteúdo da solicitação não é suportado.',
  notAcceptable: 'O tipo de conteúdo pedido no cabeçalho Accept não é suportado.',
  disabled: 'O aplicativo "{name}" está desativado.',
  exists: 'O recurso "{name}" já existe.',
  subscribed: 'A assinatura de "{name}" já existe.',
  reserved: 'O nome "{name}" é reservado.',
  tooLarge: 'A solicitação é grande demais.',
  busy: 'O serviço está ocupado. Tente novamente mais tarde.',
  full: 'O aplicativo atingiu o número máximo de dispositivos.',
  internal: 'Ocorreu um erro interno.',
}

export const ja: typeof en = {
  badJson: '要求本体が有効な JSON ではありません。',
  badValue: 'パラメーター "{name}" の値が欠落しているか、無効です。',
  badKind: '要求本体は JSON オブジェクトでなければなりません。',
  missingQuery: '照会パラメーター "{name}" が欠落しています。',
  badOffset: 'パラメーター "offset" は 0 以上の整数でなければなりません。',
  badSize: 'パラメーター "size" は 1 以上の整数でなければなりません。',
  badPath: '要求のアドレスの形式が正しくありません。',
  unauthorized: '呼び出し元は認証されていません。',
  forbidden: '呼び出し元はこの要求を行う権限がありません。',
  notFound: '要求されたリソース "{name}" が見つかりません。',
  mediaType: '要求のコンテンツ・タイプはサポートされていません。',
  notAcceptable: 'Accept ヘッダーで要求されたコンテンツ・タイプはサポートされていません。',
  disabled: 'アプリケーション "{name}" は無効です。',
  exists: 'リソース "{name}" は既に存在します。',
  subscribed: '"{name}" のサブスクリプションは既に存在します。',
  reserved: '名前 "{name}" は予約されています。',
  tooLarge: '要求が大きすぎます。',
  busy: 'サービスが混雑しています。後でもう一度お試しください。',
  full: 'アプリケーションのデバイス数が上限に達しています。',
  internal: '内部エラーが発生しました。',
}

export const ko: typeof en = {
  badJson: '요청 본문이 올바른 JSON이 아닙니다.',
  badValue: '매개변수 "{name}"의 값이 누락되었거나 올바르지 않습니다.',
  badKind: '요청 본문은 JSON 오브젝트여야 합니다.',
  missingQuery: '조회 매개변수 "{name}"이(가) 누락되었습니다.',
  badOffset: '매개변수 "offset"은 0 이상의 정수여야 합니다.',
  badSize: '매개변수 "size"는 1 이상의 정수여야 합니다.',
  badPath: '요청 주소의 형식이 올바르지 않습니다.',
  unauthorized: '호출자가 인증되지 않았습니다.',
  forbidden: '호출자에게 이 요청을 수행할 권한이 없습니다.',
  notFound: '요청한 리소스 "{name}"을(를) 찾을 수 없습니다.',
  mediaType: '요청의 컨텐츠 유형이 지원되지 않습니다.',
  notAcceptable: 'Accept 헤더에서 요청한 컨텐츠 유형이 지원되지 않습니다.',
  disabled: '애플리케이션 "{name}"을(를) 사용할 수 없습니다.',
  exists: '리소스 "{name}"이(가) 이미 있습니다.',
  subscribed: '"{name}"에 대한 구독이 이미 있습니다.',
  reserved: '이름 "{name}"은(는) 예약되어 있습니다.',
  tooLarge: '요청이 너무 큽니다.',
  busy: '서비스가 사용 중입니다. 나중에 다시 시도하십시오.',
  full: '애플리케이션의 디바이스 수가 한도에 도달했습니다.',
  internal: '내부 오류가 발생했습니다.',
}

export const zhCN: typeof en = {
  badJson: '请求主体不是有效的 JSON。',
  badValue: '参数“{name}”的值缺失或无效。',
  badKind: '请求主体必须是 JSON 对象。',
  missingQuery: '缺少查询参数“{name}”。',
  badOffset: '参数“offset”必须是大于或等于零的整数。',
  badSize: '参数“size”必须是大于或等于一的整数。',
  badPath: '请求的地址格式不正确。',
  unauthorized: '调用者未经认证。',
  forbidden: '调用者无权发出此请求。',
  notFound: '找不到所请求的资源“{name}”。',
  mediaType: '不支持请求的内容类型。',
  notAcceptable: '不支持 Accept 头中要求的内容类型。',
  disabled: '应用程序“{name}”已禁用。',
  exists: '资源“{name}”已存在。',
  subscribed: '对“{name}”的预订已存在。',
  reserved: '名称“{name}”是保留名称。',
  tooLarge: '请求过大。',
  busy: '服务繁忙。请稍后重试。',
  full: '应用程序的设备数已达到上限。',
  internal: '发生内部错误。',
}

export const zhTW: typeof en = {
  badJson: '要求內文不是有效的 JSON。',
  badValue: '參數「{name}」的值遺漏或無效。',
  badKind: '要求內文必須是 JSON 物件。',
  missingQuery: '遺漏查詢參數「{name}」。',
  badOffset: '參數「offset」必須是大於或等於零的整數。',
  badSize: '參數「size」必須是大於或等於一的整數。',
  badPath: '要求的位址格式不正確。',
  unauthorized: '呼叫者未經鑑別。',
  forbidden: '呼叫者未獲授權，無法提出此要求。',
  notFound: '找不到所要求的資源「{name}」。',
  mediaType: '不支援要求的內容類型。',
  notAcceptable: '不支援 Accept 標頭中要求的內容類型。',
  disabled: '應用程式「{name}」已停用。',
  exists: '資源「{name}」已存在。',
  subscribed: '「{name}」的訂閱已存在。',
  reserved: '名稱「{name}」為保留名稱。',
  tooLarge: '要求過大。',
  busy: '服務忙碌中。請稍後再試。',
  full: '應用程式的裝置數已達上限。',
  internal: '發生內部錯誤。',
}
