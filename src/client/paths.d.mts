// Written by `npm run openapi` from docs/openapi.json, whose SHA-256 is
// d9e3faab4d0d344516de35dfff584f185e0b244ec592bd78fe992567c9ba30db

export interface paths {
    "/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List apps
         * @description All apps, newest first, without secrets.
         */
        get: operations["listApps"];
        put?: never;
        /**
         * Create an app
         * @description Creates an app that speaks the given dialects. Omitted identifiers and secrets are generated; generated secrets are in the answer and are not shown again. Placeholders and secrets that contain a line break are refused.
         */
        post: operations["createApp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show an app */
        get: operations["getApp"];
        put?: never;
        post?: never;
        /**
         * Delete an app
         * @description The app and everything in it disappear at once; the rows are deleted in the background.
         */
        delete: operations["deleteApp"];
        options?: never;
        head?: never;
        /**
         * Change an app
         * @description Merges the body into the app, so concurrent changes of different members do not overwrite each other. A secret in the body is added to the existing ones. The VAPID key pair cannot be changed.
         */
        patch: operations["changeApp"];
        trace?: never;
    };
    "/apps/{app}/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the credentials of an app */
        get: operations["listCredentials"];
        put?: never;
        /**
         * Add a credential
         * @description Adds a secret to a dialect of the app. Several can be valid at once, so that a key can be rotated without downtime.
         */
        post: operations["addCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/credentials/{credential}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a credential
         * @description Calls with it are refused at once; by other instances of the gateway, within `APP_CACHE_SECONDS`.
         */
        delete: operations["deleteCredential"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the configured push services of an app */
        get: operations["listProviders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/providers/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the configuration for a push service */
        get: operations["getProvider"];
        /**
         * Configure a push service
         * @description Creates or replaces the configuration, then checks the credentials with the push service for at most 5 seconds. The result is in `state` and `reason`; a negative one does not fail the call. An invalid body changes nothing.
         */
        put: operations["putProvider"];
        post?: never;
        /** Delete the configuration for a push service */
        delete: operations["deleteProvider"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/providers/{kind}/probe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check the credentials with the push service
         * @description Takes at most 5 seconds; the result is in `state` and `reason`.
         */
        post: operations["probeProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the devices of an app
         * @description Devices of all dialects, newest first. Filters are combined with AND. A page may be short or empty even if more pages follow; `nextCursor` tells.
         */
        get: operations["listDevices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/devices/{device}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a device */
        get: operations["getDevice"];
        put?: never;
        post?: never;
        /**
         * Delete a device
         * @description If its SDK registers again, a new device is created.
         */
        delete: operations["deleteDevice"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/devices/{device}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the history of a device */
        get: operations["listDeviceEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/installations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the installations of an app
         * @description Phones and browsers with their devices, newest first. Filters are combined with AND. A page may be short or empty even if more pages follow; `nextCursor` tells.
         */
        get: operations["listInstallations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/installations/{installation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show an installation */
        get: operations["getInstallation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the event feed of an app
         * @description All events of the app’s devices, once each and in a fixed order; kept for `HISTORY_DAYS`. Each event has the current state of its device, which replaces the reader’s copy.
         *
         *     If `device` is null and `deviceId` is not, the device was deleted. `erased` and `gone` list deleted devices in `detail.devices`; `topicRemoved` removes `detail.topic` from all devices of its dialect.
         *
         *     A reader that starts from a `complete` feed and applies every event has the same data as an export, except for the times of the last change and the last call. With `Accept: text/event-stream` the answer is a stream of server-sent events that ends after five minutes; `Last-Event-ID` resumes it.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/users/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show everything stored about a user
         * @description The devices are paged; everything else is the same on every page.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Erase a user
         * @description Deletes the user in every dialect: the devices, their history and everything else that names the user. The data disappears at once; the rows are deleted in the background.
         */
        delete: operations["eraseUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the imports of an app
         * @description Newest first; kept for `IMPORT_KEEP_DAYS` after they end.
         */
        get: operations["listImports"];
        put?: never;
        /**
         * Import a file of devices
         * @description Stores the file, up to `IMPORT_MAX_BYTES` and `IMPORT_MAX_ROWS`, and imports it in steps. It never overwrites newer data that devices sent themselves. `Content-Encoding: gzip` is supported. A repeated `Idempotency-Key` returns the same import for a day.
         */
        post: operations["createImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/imports/{import}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the progress of an import */
        get: operations["getImport"];
        put?: never;
        post?: never;
        /**
         * Stop or delete an import
         * @description A running import stops after the current step; a finished one is deleted with its errors. Its devices stay.
         */
        delete: operations["deleteImport"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/imports/{import}/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the rows that were not imported, and why
         * @description One JSON object per line, in the order of the rows; available while the import runs.
         */
        get: operations["listImportErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the devices of an app
         * @description Streams every device that existed when the export began and has not been deleted since. Push tokens are not masked; therefore the call needs the role `operate` and is recorded in the audit log. The export contains no secrets of the app.
         *
         *     With `ndjson` the last line has the number of devices. If it is missing, the answer was cut short: call again with the `id` of the last device received as `cursor`.
         */
        get: operations["exportDevices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the messages of an app
         * @description Newest first: messages sent by back ends through a dialect, and by operators through this API.
         */
        get: operations["listMessages"];
        put?: never;
        /**
         * Send a message
         * @description Sends to devices of all dialects, once per phone, in the format of the SDK that called last from it. The message is stored before the call is answered, and sent afterwards.
         */
        post: operations["sendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/messages/{message}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a message and its results */
        get: operations["getMessage"];
        put?: never;
        post?: never;
        /**
         * Cancel a message
         * @description Nothing more is sent and repeats end; notifications being sent at this moment may still arrive. The message and its counts stay. Cancelling a cancelled message has no effect.
         */
        delete: operations["cancelMessage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/messages/{message}/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the phones that a message did not reach */
        get: operations["listMessageFailures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/mirror/{dialect}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the counts of a mirror
         * @description Counts all calls by the hour since the mode or the URL of the mirror last changed, regardless of the share of bodies that is stored. All counts are zero for a dialect without a mirror.
         */
        get: operations["getMirrorSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/mirror/{dialect}/diffs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List calls that both sides answered differently
         * @description Newest first: up to 100 for each signature, kept for `keepDays` of the mirror. Push tokens, keys and the ids of devices and users are masked; equal values have equal masks.
         */
        get: operations["listMirrorDiffs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/mirror/{dialect}/signatures/{signature}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept a difference, or stop accepting it
         * @description Calls with an accepted signature are still counted, but no longer count against turning the vendor off.
         */
        post: operations["judgeMirrorSignature"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/readiness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the progress of a move
         * @description Counts all devices of the dialect at the time of the call. Above 10,000 devices, they are counted in the background and the answer has the time of the count. Without `dialect`, the answer has every dialect of the app, and the 10,000 apply to all of them together.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/readiness/curves": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the progress of a move by groups of devices */
        get: operations["getReadinessCurves"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/readiness/sign-off": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign off the readiness of a dialect
         * @description Stores the current readiness with the name of the caller. Nothing else changes.
         */
        post: operations["signReadiness"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/readiness/records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List sign-offs */
        get: operations["listReadinessRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/readiness/records/{record}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a sign-off */
        get: operations["getReadinessRecord"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/readiness/records/{record}/page": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a sign-off as a printable page */
        get: operations["printReadinessRecord"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/imports/{import}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo an import
         * @description Deletes devices that the import created, unless they have called themselves, and reverts its changes to other devices where nothing has changed since. The same file can be imported again.
         */
        post: operations["undoImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/undos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List undos */
        get: operations["listUndos"];
        put?: never;
        /**
         * Undo the events of one cause or period
         * @description Undoes events from the newest to the oldest, and only where nothing has changed since. Data erased with a user cannot be restored.
         */
        post: operations["undoEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/undos/{undo}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the progress of an undo */
        get: operations["getUndo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/events/{event}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo one event */
        post: operations["undoEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/topics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the topics of an app
         * @description The topics of current devices, in byte order.
         */
        get: operations["listTopics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List delivery and open reports from devices
         * @description Kept for `RECEIPT_DAYS`.
         */
        get: operations["listReceipts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the totals of an app */
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report feedback from push services about tokens
         * @description For systems that send messages themselves. Takes up to 1,000 rows, as a list or as `rows` of an object, each about a token or a device. A token that registered after `at` stays valid.
         */
        post: operations["reportFeedback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/refusals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List refused calls of SDKs and back ends
         * @description Shows why phones do not appear: the last 1,000 refusals of this process (on Workers, this isolate), newest first.
         */
        get: operations["listRefusals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the webhooks of an app
         * @description Feed webhooks, which operators create here, and webhooks that back ends create through a dialect, each with the state of its receiver.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Create a feed webhook
         * @description Each event is one POST, signed according to Standard Webhooks, with `type`, `timestamp`, `app` and, as `data`, the event as `listEvents` shows it. `Webhook-Id` is the same at each attempt and each replay.
         *
         *     Events of one device are sent in order. A failed event is retried for about a day; meanwhile other devices’ events continue and those of the same device wait. After that the event is dead and is listed. An app can have 10 feed webhooks.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/webhooks/{webhook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a webhook with its secret */
        get: operations["revealWebhook"];
        put?: never;
        post?: never;
        /** Delete a feed webhook */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        /** Change, pause or resume a feed webhook */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/apps/{app}/webhooks/{webhook}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay events to a feed webhook
         * @description Sends all events after a position or since a time again, in order and with the same ids. A stopped webhook resumes. Waiting and dead events after the position are included.
         */
        post: operations["replayWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/webhooks/{webhook}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List failed deliveries of a feed webhook */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/apps/{app}/webhooks/{webhook}/deliveries/{delivery}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry a dead delivery
         * @description Sends the event with the current state of its device. An event that concerns more than one device cannot be retried alone, because it would undo later events: replay the webhook from its position instead.
         */
        post: operations["replayDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the audit log of this API
         * @description Newest first; kept for `HISTORY_DAYS`.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a backup of the database
         * @description A consistent copy, made while the gateway keeps running; one at a time. With D1 or PostgreSQL the answer is 409: back these up with their own tools.
         */
        post: operations["startBackup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backups/{backup}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the progress of a backup */
        get: operations["getBackup"];
        put?: never;
        post?: never;
        /** Delete a backup */
        delete: operations["deleteBackup"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backups/{backup}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a backup
         * @description A SQLite database. Its secrets are encrypted with the master key.
         */
        get: operations["readBackup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show hourly activity
         * @description Counts are kept for 400 days; a crash loses those of the last seconds.
         */
        get: operations["getActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch registrations and refusals live
         * @description A stream of server-sent events from this process (on Workers, this isolate), named `registered`, `refreshed` and `refused`. From time to time, `here` has the position from which to resume. The stream ends after 5 minutes; resume it with `after`.
         */
        get: operations["watchLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the caller */
        get: operations["whoAmI"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the named admin tokens */
        get: operations["listTokens"];
        put?: never;
        /**
         * Create a named admin token
         * @description Create one for each person or program, so that the audit log shows who did what. The limit is 200.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a named admin token
         * @description Its sessions end at once.
         */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the open console sessions */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a console session */
        delete: operations["revokeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a sign-in link for the console
         * @description The link works once, within 30 minutes, and has the role of the caller.
         */
        post: operations["createLoginLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the status of the gateway */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the progress of a master key rotation */
        get: operations["getKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/rotation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Encrypt all secrets again with the current master key
         * @description The rotation starts by itself once `MASTER_KEY_PREVIOUS` is set. This call checks every value again, to include those that an instance with the old key has written since.
         */
        post: operations["rotateKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Activity by the hour. */
        ActivityReport: {
            /**
             * Format: date-time
             * @description The start of the first hour.
             */
            from: string;
            /** @description The sums, newest hour first. Hours without activity are left out. */
            counts: {
                /**
                 * Format: date-time
                 * @description The start of the hour.
                 */
                hour: string;
                /**
                 * @description `registered`: new devices; `refreshed`: known devices that registered again; `refused`: refused calls to a dialect; `accepted` and `failed`: phones that a message was sent to.
                 * @enum {string}
                 */
                kind: "registered" | "refreshed" | "refused" | "accepted" | "failed";
                /** @description The dialect; empty for operators’ messages. */
                dialect: string;
                /** @description The platform of registrations, the code of refusals, or the push service of messages. */
                facet: string;
                /** @description How often it happened. */
                count: number;
            }[];
        };
        /** @description An app: the tenant that devices belong to. */
        App: {
            /** @description The app’s id, for the path of every other call. */
            id: string;
            /** @description The name shown to operators; it has no other meaning. */
            name: string;
            /** @description The app’s dialects by name, each with its own identifiers and options. It contains a secret only if this call generated it; it is not shown again. */
            dialects: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            /** @description The app’s key for web push (RFC 8292). The private key is never shown. */
            vapid: {
                /** @description The P-256 public key that browsers subscribe with: 65 bytes uncompressed, in base64url. */
                publicKey: string;
                /** @description The contact given to push services: a mailto: or https: address. */
                subject: string;
            };
            /** @description The app’s settings. */
            settings: {
                /** @description Whether a phone’s topics are copied when it first registers through another dialect. */
                carryOver: boolean;
            };
            /** @description The limits on the number of devices. */
            limits: {
                /** @description The maximum number of devices in use; null for no limit. */
                devices: number | null;
                /** @description The maximum number of devices of one user in one dialect; null for no limit. */
                devicesPerUser: number | null;
            };
            /** @description How long data is kept. */
            retention: {
                /** @description Days to keep the history of devices; null for the gateway’s setting. */
                events: number | null;
                /** @description Days to keep reports about messages; null for the gateway’s setting. */
                receipts: number | null;
                /** @description Days to keep finished messages; null for the gateway’s setting. */
                messages: number | null;
                /** @description Days without a call after which a device is removed; null for never. */
                inactiveDevices: number | null;
            };
            /**
             * Format: date-time
             * @description When the app was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the app was last changed.
             */
            updatedAt: string;
        };
        /** @description A page of apps. */
        AppPage: {
            /** @description The apps, newest first. */
            apps: components["schemas"]["App"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
        };
        /** @description A change made through this API. */
        AuditEntry: {
            /** @description The entry’s id. */
            id: string;
            /**
             * Format: date-time
             * @description When the change was made.
             */
            at: string;
            /** @description The name of the token that was used. */
            actor: string;
            /** @description What was done, such as `app.created`. */
            action: string;
            /** @description The app’s id; null if no app is concerned. */
            app: string | null;
            /** @description The id of what was changed within the app; for an erased user, a keyed hash of the id. Null for the app itself. */
            target: string | null;
            /** @description Details, which depend on the action; never a secret. */
            detail: {
                [key: string]: unknown;
            };
            /** @description The id that the gateway gave the request. */
            requestId: string;
        };
        /** @description A page of the audit log, kept for `HISTORY_DAYS`. */
        AuditPage: {
            /** @description The entries, newest first. */
            entries: components["schemas"]["AuditEntry"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
        };
        /** @description A copy of the database at one moment. */
        Backup: {
            /** @description The backup’s id. */
            id: string;
            /**
             * @description Once `ready`, the copy can be downloaded until one hour after its start.
             * @enum {string}
             */
            state: "running" | "ready" | "failed";
            /**
             * Format: date-time
             * @description When it was started.
             */
            createdAt: string;
            /** @description The size of the copy; null until it is known. */
            bytes: number | null;
            /** @description How much has been copied. */
            done: number;
            /** @description What each table contained, to verify the download; null until it is ready. */
            tables: {
                [key: string]: {
                    /** @description The number of rows. */
                    rows: number;
                    /** @description The hash of all rows, in the order of their key. */
                    sha256: string;
                };
            } | null;
            /** @description Why it failed; null otherwise. */
            error: string | null;
        };
        /** @description A registered client of one of the user’s devices. */
        Client: {
            /** @description The client’s id. */
            id: string;
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /** @description The data with which it registered. */
            about: {
                [key: string]: unknown;
            };
        };
        /** @description A secret that authenticates server calls to an app in one dialect. */
        Credential: {
            /** @description The credential’s id. */
            id: string;
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /** @description The kind of credential in its dialect, such as `apiKey` or `client`. */
            kind: string;
            /** @description The public half of a pair, such as an OAuth client id; null if there is none. */
            name: string | null;
            /** @description Its permissions, as the dialect names them; empty if the dialect has no scopes. */
            scopes: string[];
            /** @description The last characters of the secret; null if the secret is too short to show them safely. */
            hint: string | null;
            /**
             * Format: date-time
             * @description When it was added.
             */
            createdAt: string;
            /** @description When it was last used, accurate to about an hour; null if never. */
            lastUsedAt: string | null;
            /** @description The secret, if this call generated it; it is not shown again. */
            secret?: string;
        };
        /** @description All credentials of an app, without their secrets. */
        CredentialList: {
            /** @description The valid credentials of all dialects. */
            credentials: components["schemas"]["Credential"][];
        };
        /** @description An event that a receiver has not accepted. */
        Delivery: {
            /** @description The delivery’s id. */
            id: string;
            /**
             * @description Whether it will be tried again (`waiting`) or not (`dead`).
             * @enum {string}
             */
            state: "waiting" | "dead";
            /** @description What happened. */
            kind: string;
            /** @description The device concerned; null if the event is not about a device. */
            deviceId: string | null;
            /** @description The position before this event in the feed: a replay from there begins with it. */
            after: string;
            /** @description The number of attempts; 0 while it waits for an earlier event of its device. */
            tries: number;
            /** @description The status of the last answer; null without one. */
            status: number | null;
            /** @description What went wrong at the last attempt, masked. */
            error: string | null;
            /**
             * Format: date-time
             * @description When the event happened.
             */
            at: string;
            /** @description When it was last tried. */
            triedAt: string | null;
            /** @description When it will be tried again; null while it waits for an earlier event of its device. */
            dueAt: string | null;
        };
        /** @description A page of deliveries. */
        DeliveryPage: {
            /** @description The deliveries, in the order of their events. */
            deliveries: components["schemas"]["Delivery"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
        };
        /** @description One dialect’s view of one phone or browser. */
        Device: {
            /** @description The device’s id in the gateway. */
            id: string;
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /** @description The id that the device has in its dialect. */
            externalId: string;
            /** @description The installation that the device belongs to. */
            installationId: string;
            /**
             * @description The platform of the device.
             * @enum {string}
             */
            platform: "ios" | "android" | "macos" | "windows" | "web" | "amazon" | "huawei" | "email" | "sms" | "whatsapp";
            /** @description The push service of its token; null without a token. */
            provider: ("apns" | "fcm" | "webpush" | "wns" | "adm" | "hms" | "email" | "sms" | "whatsapp" | "other") | null;
            /** @description The APNs environment of its token; `unknown` with other services, null without a token. */
            environment: ("production" | "sandbox" | "unknown") | null;
            /** @description The push token, exactly as it was sent; null if there is none or another device took it over. */
            token: string | null;
            /** @description The user of the device; null if there is none. */
            userId: string | null;
            /** @description Whether a signed token proved the user; otherwise the user is only claimed. */
            userProved: boolean;
            /** @description Its topics, in byte order. */
            topics: string[];
            /** @description Its tags: a JSON value by name. */
            tags: {
                [key: string]: unknown;
            };
            /** @description Whether a message would reach it, as far as is known. */
            active: boolean;
            /** @description The name that its owner gave it; null if it was not reported. */
            name: string | null;
            /** @description The model; null if it was not reported. */
            model: string | null;
            /** @description The version of its operating system; null if it was not reported. */
            osVersion: string | null;
            /** @description The version of the app on it; null if it was not reported. */
            appVersion: string | null;
            /** @description The version of the vendor’s SDK in the app; null if it was not reported. */
            sdkVersion: string | null;
            /** @description Its language; null if it was not reported. */
            language: string | null;
            /** @description Its time zone; null if it was not reported. */
            timezone: string | null;
            /** @description The number on the app’s icon; null if the dialect has none. */
            badge: number | null;
            /**
             * Format: date-time
             * @description When it first registered.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When any of its data last changed.
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When it last called, accurate to an hour.
             */
            lastSeenAt: string;
            /** @description When it was first in an import; null if never. */
            importedAt: string | null;
            /** @description When it first called; null if it never has. */
            liveAt: string | null;
            /** @description When another device of its dialect took over its push token; null if none did. */
            supersededAt: string | null;
        };
        /** @description A page of devices. */
        DevicePage: {
            /** @description The devices, newest first. A page may be short or empty even if more follow. */
            devices: components["schemas"]["Device"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
        };
        /** @description Something that happened to a device. */
        Event: {
            /** @description The id with which the event can be undone; only in the history of a device. */
            id?: string;
            /** @description What happened, such as `registered`. */
            kind: string;
            /** @description The id of the request that caused it, or the name of the gateway’s own job. */
            cause: string;
            /** @description Details, which depend on the kind. */
            detail: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
        };
        /** @description The history of a device, kept for `HISTORY_DAYS`. */
        EventList: {
            /** @description The last 100 events, newest first. */
            events: components["schemas"]["Event"][];
        };
        /** @description The last line of an export. Without it, the export is incomplete. */
        ExportEnd: {
            /**
             * @description Marks the last line.
             * @constant
             */
            type: "end";
            /** @description The number of devices in this answer. */
            devices: number;
        };
        /** @description The first line of an export; absent with `cursor`. */
        ExportHead: {
            /**
             * @description Marks the first line.
             * @constant
             */
            type: "pushport-export";
            /**
             * @description The version of the format.
             * @constant
             */
            version: 1;
            /** @description The app’s id. */
            app: string;
            /**
             * Format: date-time
             * @description When the export started.
             */
            exportedAt: string;
        };
        /** @description With `braze-ndjson`: the body of the call that tracks users. */
        ExportedAttributes: {
            /** @description Up to 75 devices. */
            attributes: {
                [key: string]: unknown;
            }[];
        };
        /** @description A device with all its data. */
        ExportedDevice: {
            /** @description The device’s id in the gateway. */
            id: string;
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /** @description The id that the device has in its dialect. */
            externalId: string;
            /** @description The installation that the device belongs to. */
            installationId: string;
            /**
             * @description The platform of the device.
             * @enum {string}
             */
            platform: "ios" | "android" | "macos" | "windows" | "web" | "amazon" | "huawei" | "email" | "sms" | "whatsapp";
            /** @description The push service of its token; null without a token. */
            provider: ("apns" | "fcm" | "webpush" | "wns" | "adm" | "hms" | "email" | "sms" | "whatsapp" | "other") | null;
            /** @description The APNs environment of its token; `unknown` with other services, null without a token. */
            environment: ("production" | "sandbox" | "unknown") | null;
            /** @description The push token, exactly as it was sent; null if there is none or another device took it over. */
            token: string | null;
            /** @description The user of the device; null if there is none. */
            userId: string | null;
            /** @description Whether a signed token proved the user; otherwise the user is only claimed. */
            userProved: boolean;
            /** @description Its topics, in byte order. */
            topics: string[];
            /** @description Its tags: a JSON value by name. */
            tags: {
                [key: string]: unknown;
            };
            /** @description Whether a message would reach it, as far as is known. */
            active: boolean;
            /** @description The name that its owner gave it; null if it was not reported. */
            name: string | null;
            /** @description The model; null if it was not reported. */
            model: string | null;
            /** @description The version of its operating system; null if it was not reported. */
            osVersion: string | null;
            /** @description The version of the app on it; null if it was not reported. */
            appVersion: string | null;
            /** @description The version of the vendor’s SDK in the app; null if it was not reported. */
            sdkVersion: string | null;
            /** @description Its language; null if it was not reported. */
            language: string | null;
            /** @description Its time zone; null if it was not reported. */
            timezone: string | null;
            /** @description The number on the app’s icon; null if the dialect has none. */
            badge: number | null;
            /**
             * Format: date-time
             * @description When it first registered.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When any of its data last changed.
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When it last called, accurate to an hour.
             */
            lastSeenAt: string;
            /** @description When it was first in an import; null if never. */
            importedAt: string | null;
            /** @description When it first called; null if it never has. */
            liveAt: string | null;
            /** @description When another device of its dialect took over its push token; null if none did. */
            supersededAt: string | null;
            /**
             * @description Marks a device.
             * @constant
             */
            type: "device";
            /** @description The keys that encrypt messages to a browser; null with other push services. */
            keys: {
                /** @description The key. */
                p256dh: string;
                /** @description The secret. */
                auth: string;
            } | null;
            /** @description False if the dialect disabled the device. */
            enabled: boolean;
            /** @description Data that only its dialect uses. */
            details: {
                [key: string]: unknown;
            };
            /** @description The ids of its subscriptions by topic, in dialects that have them. */
            subscriptionIds: {
                [key: string]: string;
            };
            /** @description When it expires; null if never. */
            expiresAt: string | null;
            /** @description The types of its tags by their names. */
            tagTypes: {
                [key: string]: string;
            };
            /**
             * @description Present if the token has an unusual form, which an import accepts only with this member.
             * @constant
             */
            tokenForm?: "any";
        };
        /** @description With `onesignal-ndjson`: the body of the call that creates a user. */
        ExportedUser: {
            /** @description The device. */
            subscriptions: {
                [key: string]: unknown;
            }[];
        } & {
            [key: string]: unknown;
        };
        /** @description A page of failures. */
        FailurePage: {
            /** @description The phones, by the installation’s id. */
            failures: components["schemas"]["MessageFailure"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
        };
        /** @description A device with all the data that an export contains. */
        FedDevice: {
            /** @description The device’s id in the gateway. */
            id: string;
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /** @description The id that the device has in its dialect. */
            externalId: string;
            /** @description The installation that the device belongs to. */
            installationId: string;
            /**
             * @description The platform of the device.
             * @enum {string}
             */
            platform: "ios" | "android" | "macos" | "windows" | "web" | "amazon" | "huawei" | "email" | "sms" | "whatsapp";
            /** @description The push service of its token; null without a token. */
            provider: ("apns" | "fcm" | "webpush" | "wns" | "adm" | "hms" | "email" | "sms" | "whatsapp" | "other") | null;
            /** @description The APNs environment of its token; `unknown` with other services, null without a token. */
            environment: ("production" | "sandbox" | "unknown") | null;
            /** @description The push token, exactly as it was sent; null if there is none or another device took it over. */
            token: string | null;
            /** @description The user of the device; null if there is none. */
            userId: string | null;
            /** @description Whether a signed token proved the user; otherwise the user is only claimed. */
            userProved: boolean;
            /** @description Its topics, in byte order. */
            topics: string[];
            /** @description Its tags: a JSON value by name. */
            tags: {
                [key: string]: unknown;
            };
            /** @description Whether a message would reach it, as far as is known. */
            active: boolean;
            /** @description The name that its owner gave it; null if it was not reported. */
            name: string | null;
            /** @description The model; null if it was not reported. */
            model: string | null;
            /** @description The version of its operating system; null if it was not reported. */
            osVersion: string | null;
            /** @description The version of the app on it; null if it was not reported. */
            appVersion: string | null;
            /** @description The version of the vendor’s SDK in the app; null if it was not reported. */
            sdkVersion: string | null;
            /** @description Its language; null if it was not reported. */
            language: string | null;
            /** @description Its time zone; null if it was not reported. */
            timezone: string | null;
            /** @description The number on the app’s icon; null if the dialect has none. */
            badge: number | null;
            /**
             * Format: date-time
             * @description When it first registered.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When any of its data last changed.
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When it last called, accurate to an hour.
             */
            lastSeenAt: string;
            /** @description When it was first in an import; null if never. */
            importedAt: string | null;
            /** @description When it first called; null if it never has. */
            liveAt: string | null;
            /** @description When another device of its dialect took over its push token; null if none did. */
            supersededAt: string | null;
            /** @description The state of its token; null without a token. */
            tokenState: ("live" | "dead" | "gone") | null;
            /** @description The keys that encrypt messages to a browser; null with other push services. */
            keys: {
                /** @description The key. */
                p256dh: string;
                /** @description The secret. */
                auth: string;
            } | null;
            /** @description False if the dialect disabled the device. */
            enabled: boolean;
            /** @description Data that only its dialect uses. */
            details: {
                [key: string]: unknown;
            };
            /** @description The ids of its subscriptions by topic, in dialects that have them. */
            subscriptionIds: {
                [key: string]: string;
            };
            /** @description When it expires; null if never. */
            expiresAt: string | null;
        };
        /** @description Something that happened to a device of the app. */
        FeedEvent: {
            /** @description The position after this event, for `after`. */
            cursor: string;
            /** @description What happened, such as `registered`. */
            kind: string;
            /** @description The id of the request that caused it, or the name of the gateway’s own job. */
            cause: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            /** @description The dialect concerned; null if there are several. */
            dialect: string | null;
            /** @description The device concerned; null if the event is not about a device. */
            deviceId: string | null;
            /** @description The id that the device has, or had, in its dialect. */
            externalId: string | null;
            /** @description Details, which depend on the kind. */
            detail: {
                [key: string]: unknown;
            };
            /** @description The device as it is now; null if it no longer exists or the event is not about a device. */
            device: components["schemas"]["FedDevice"] | null;
        };
        /** @description A page of the feed. */
        FeedPage: {
            /** @description The events, in order. A page may be short or empty even if more follow. */
            events: components["schemas"]["FeedEvent"][];
            /** @description The position of the next page: pass it as `after`. */
            next: string;
            /** @description Whether more events may already be available. */
            more: boolean;
            /** @description False if events after the given position have already been deleted. */
            complete: boolean;
        };
        /** @description An address that receives an app’s events. */
        FeedWebhook: {
            /** @description The webhook’s id. */
            id: string;
            /** @description The name that operators gave it; unique in its app. */
            name: string;
            /** @description The address of its calls. */
            url: string;
            /** @description The kinds of event that it receives; null for all. */
            events: ("registered" | "attached" | "rotated" | "userChanged" | "profileChanged" | "subscribed" | "unsubscribed" | "unregistered" | "expired" | "superseded" | "forgotten" | "deactivated" | "tokenChanged" | "detached" | "renamed" | "dead" | "tagsChanged" | "topicRemoved" | "erased" | "gone" | "imported" | "adopted" | "undone")[] | null;
            /** @description Its position in the feed, after all events that were delivered, wait for another attempt, or are dead. */
            cursor: string;
            /** @description Why nothing is sent: its receiver answered 410 (`gone`) or accepted nothing for five days (`failing`), the events at its position have been deleted (`history`), or an operator paused it (`operator`); null if calls are made. */
            stopped: ("gone" | "failing" | "history" | "operator") | null;
            /** @description Events that were not accepted and will be tried again; 500 at most. */
            waiting: number;
            /** @description Events that will not be tried again; the newest 500 are kept. */
            dead: number;
            /** @description Successful calls. */
            delivered: number;
            /** @description Events refused since the last successful call; from 5 on, calls pause. */
            failures: number;
            /** @description When calls began to fail; null if the last one succeeded. */
            failingSince: string | null;
            /** @description Until when calls pause; null if they do not. */
            restingUntil: string | null;
            /** @description The last call; null if there has been none. */
            last: {
                /**
                 * Format: date-time
                 * @description When it ended.
                 */
                at: string;
                /** @description The answer’s status; null without an answer. */
                status: number | null;
                /** @description What went wrong, masked; null if it succeeded. */
                error: string | null;
            } | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedAt: string;
        };
        /** @description The outcomes of the rows of a feedback call. */
        FeedbackCounts: {
            /** @description Rows that were applied. */
            applied: number;
            /** @description Rows that newer information contradicts. */
            ignored: number;
            /** @description Rows whose token or device the app does not have. */
            unknown: number;
        };
        /** @description A removed device as it was. */
        FormerDevice: {
            /** @description The id that the device has in its dialect. */
            externalId: string;
            /**
             * @description The platform of the device.
             * @enum {string}
             */
            platform: "ios" | "android" | "macos" | "windows" | "web" | "amazon" | "huawei" | "email" | "sms" | "whatsapp";
            /** @description The user of the device; null if there is none. */
            userId: string | null;
            /** @description Whether a signed token proved the user; otherwise the user is only claimed. */
            userProved: boolean;
            /** @description Its topics, in byte order. */
            topics: string[];
            /** @description Its tags: a JSON value by name. */
            tags: {
                [key: string]: unknown;
            };
            /** @description The name that its owner gave it; null if it was not reported. */
            name: string | null;
            /** @description The model; null if it was not reported. */
            model: string | null;
            /** @description The version of its operating system; null if it was not reported. */
            osVersion: string | null;
            /** @description The version of the app on it; null if it was not reported. */
            appVersion: string | null;
            /** @description The version of the vendor’s SDK in the app; null if it was not reported. */
            sdkVersion: string | null;
            /** @description Its language; null if it was not reported. */
            language: string | null;
            /** @description Its time zone; null if it was not reported. */
            timezone: string | null;
            /**
             * Format: date-time
             * @description When it first registered.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When any of its data last changed.
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When it last called, accurate to an hour.
             */
            lastSeenAt: string;
            /** @description When it was first in an import; null if never. */
            importedAt: string | null;
            /** @description When it first called; null if it never has. */
            liveAt: string | null;
        };
        /** @description An import of a file. */
        Import: {
            /** @description The import’s id. */
            id: string;
            /** @description The dialect of its devices; null if each row names its own. */
            dialect: string | null;
            /** @description The format of its file. */
            format: string;
            /** @description Whether it only counts what would change. */
            dryRun: boolean;
            /**
             * @description The state of the import. If it failed, the rows before the fault have been imported.
             * @enum {string}
             */
            state: "queued" | "running" | "completed" | "failed" | "cancelled";
            /**
             * Format: date-time
             * @description When its file was received.
             */
            createdAt: string;
            /** @description When it started; null while it is queued. */
            startedAt: string | null;
            /** @description When it ended; null until then. */
            finishedAt: string | null;
            /** @description When the vendor exported the file; null if not given. */
            exportedAt: string | null;
            /** @description The size of its file in bytes, uncompressed. */
            bytes: number;
            /** @description The numbers of rows. */
            rows: {
                /** @description Records that were read. */
                read: number;
                /** @description Records with a known outcome. */
                done: number;
                /** @description All records; null until the end. */
                total: number | null;
            };
            /** @description The rows by outcome; each row has exactly one. */
            outcomes: {
                /** @description Rows that were created. */
                created: number;
                /** @description Rows that were updated. */
                updated: number;
                /** @description Rows that were merged. */
                merged: number;
                /** @description Rows that were unchanged. */
                unchanged: number;
                /** @description Rows that were skipped. */
                skipped: number;
                /** @description Rows that were rejected. */
                rejected: number;
            };
            /** @description Rows that were rejected or skipped, by their reason. */
            reasons: {
                [key: string]: number;
            };
            /** @description Rows by warning; a warning about the whole file counts as 1. */
            warnings: {
                [key: string]: number;
            };
            /** @description Why it failed; null if it did not. */
            error: {
                /**
                 * @description The kind of fault.
                 * @enum {string}
                 */
                code: "header" | "json_syntax" | "too_large" | "storage" | "internal";
                /** @description A sentence that describes the fault. */
                message: string;
            } | null;
        };
        /** @description A row that was rejected, skipped or imported with warnings. */
        ImportError: {
            /** @description The number of the record; the first is 1, and a header does not count. */
            row: number;
            /** @description The line of the file where it begins. */
            line?: number;
            /**
             * @description The outcome.
             * @enum {string}
             */
            outcome: "created" | "updated" | "merged" | "unchanged" | "skipped" | "rejected";
            /** @description Why it was rejected or skipped. */
            reason?: string;
            /** @description A sentence that says what to do. */
            message: string;
            /** @description The column or member of the file concerned. */
            field?: string;
            /** @description The id in the row. */
            externalId?: string;
            /** @description The token, masked. */
            token?: string;
            /** @description Problems despite which it was imported. */
            warnings?: string[];
            /** @description With `raw`: the original record, with tokens masked. */
            raw?: string;
        };
        /** @description A page of imports. */
        ImportPage: {
            /** @description The imports, newest first. */
            imports: components["schemas"]["Import"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
        };
        /** @description An import that was accepted. */
        ImportQueued: {
            /** @description The import’s id. */
            id: string;
            /**
             * @description The state of the import.
             * @enum {string}
             */
            state: "queued" | "running" | "completed" | "failed" | "cancelled";
        };
        /** @description One phone or browser: all devices with the same push token, or one device without a token. */
        Installation: {
            /** @description The installation’s id. */
            id: string;
            /** @description The push service of its token; null without a token. */
            provider: ("apns" | "fcm" | "webpush" | "wns" | "adm" | "hms" | "email" | "sms" | "whatsapp" | "other") | null;
            /** @description The APNs environment of its token; `unknown` with other services, null without a token. */
            environment: ("production" | "sandbox" | "unknown") | null;
            /** @description The push token, exactly as it was sent; null if there is none or another device took it over. */
            token: string | null;
            /** @description The state of the token: `dead` if the push service refused it, `gone` if no device has it any more; null without a token. */
            state: ("live" | "dead" | "gone") | null;
            /** @description Every device that has the token, in all dialects, oldest first. */
            devices: components["schemas"]["Device"][];
            /** @description The topics of all these devices, in byte order, without duplicates. */
            topics: string[];
        };
        /** @description A page of installations. */
        InstallationPage: {
            /** @description The installations, newest first. A page may be short or empty even if more follow. */
            installations: components["schemas"]["Installation"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
        };
        /** @description A row of a bulk job that names the user, or one of their devices. */
        JobRow: {
            /** @description Its position in the job, from 0. */
            position: number;
            /** @description The name that the job’s owner gave it. */
            label: string;
            /** @description The state of the row. */
            state: string;
            /** @description Why it failed; null if it did not. */
            reason: string | null;
            /** @description The job’s id. */
            job: string;
        };
        /** @description Something that a change has ended and that is kept, sealed, for an undo. */
        KeptState: {
            /**
             * @description `token`: a token that the device no longer has; `device`: the device, which was removed.
             * @enum {string}
             */
            kind: "token" | "device";
            /** @description The device’s id in the gateway. */
            deviceId: string;
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /**
             * Format: date-time
             * @description When the change ended it.
             */
            at: string;
            /**
             * Format: date-time
             * @description Until when it is kept (`UNDO_DAYS`); it is deleted soon after.
             */
            until: string;
            /** @description The push service of the token; null without a token. */
            provider: ("apns" | "fcm" | "webpush" | "wns" | "adm" | "hms" | "email" | "sms" | "whatsapp" | "other") | null;
            /** @description The token, masked; null if the removed device had none, if the device belonged to another user then, or if `MASTER_KEY` no longer opens the state. */
            token: string | null;
            /** @description The removed device as it was; null for a token, and in the same cases. */
            device: components["schemas"]["FormerDevice"] | null;
        };
        /** @description The progress of a master key rotation. */
        KeyState: {
            /**
             * @description `none`: no rotation; `waiting`: a previous key is configured and the rotation has not started; `running`; `completed`.
             * @enum {string}
             */
            state: "none" | "waiting" | "running" | "completed";
            /** @description Kinds of encrypted values that are finished. */
            columns: number;
            /** @description The number of kinds. */
            of: number;
            /** @description Values examined. */
            done: number;
            /** @description Of these, encrypted with the new key. */
            resealed: number;
            /** @description Of these, values that neither key could decrypt. */
            failed: number;
            /** @description Whether `MASTER_KEY_PREVIOUS` is still needed. */
            previousNeeded: boolean;
            /** @description When it started. */
            startedAt: string | null;
            /** @description When it ended. */
            finishedAt: string | null;
        };
        /** @description A sign-in link that works once. */
        LoginLink: {
            /** @description The address, which opens one console session. */
            link: string;
            /**
             * Format: date-time
             * @description When the link expires.
             */
            expiresAt: string;
        };
        /** @description A message, sent through a dialect or by an operator. */
        Message: {
            /** @description The message’s id in the gateway. */
            id: string;
            /** @description The dialect whose API sent it; null for an operator’s message, which goes to devices of all dialects. */
            dialect: string | null;
            /** @description The id that phones report, which was also returned to the caller in the dialect. */
            externalId: string;
            /**
             * @description `scheduled` until its time, also between repeats; `planning` while its audience is looked up; `sending` until every phone has an outcome. The others are final.
             * @enum {string}
             */
            state: "scheduled" | "planning" | "sending" | "done" | "cancelled" | "expired";
            /**
             * @description Messages with `high` priority are sent first.
             * @enum {string}
             */
            priority: "high" | "normal";
            /** @description The seconds for which push services may keep trying; null if the message’s content sets it. */
            ttl: number | null;
            /** @description The audience: topics, platforms and the filter; of users, devices and tokens, only the number. */
            audience: {
                [key: string]: unknown;
            };
            /** @description When it is sent. */
            schedule: {
                /** @description When it is to be sent; null for immediately. */
                at: string | null;
                /** @description Whether `at` is in each phone’s own time zone. */
                localTime: boolean;
                /** @description The seconds between repeats; null to send it once. */
                every: number | null;
                /** @description When the repeats end. */
                until: string | null;
            };
            /** @description The members of the call that have no effect here, as paths with dots. */
            ignored: string[];
            /** @description The number of phones by outcome; outcomes without phones are left out. */
            counts: {
                [key: string]: number;
            };
            /**
             * Format: date-time
             * @description When it was accepted.
             */
            createdAt: string;
            /** @description When its audience was determined; null while it is scheduled. */
            startedAt: string | null;
            /** @description When it ended; null until then. */
            finishedAt: string | null;
        };
        /** @description A phone that a message did not reach. */
        MessageFailure: {
            /** @description The installation’s id of the phone or browser. */
            installationId: string;
            /** @description The device through which it was addressed; null if that device no longer exists. */
            deviceId: string | null;
            /**
             * @description The push service.
             * @enum {string}
             */
            provider: "apns" | "fcm" | "webpush" | "wns" | "adm" | "hms" | "email" | "sms" | "whatsapp" | "other";
            /**
             * @description The outcome for a phone: `waiting`, `accepted` by its push service, or why the message did not reach it.
             * @enum {string}
             */
            outcome: "waiting" | "accepted" | "dead" | "mismatch" | "payload" | "expired" | "skipped" | "cancelled" | "unconfigured" | "unsupported" | "failed";
            /** @description The reason, as the push service or the gateway gives it. */
            reason: string;
            /** @description The number of attempts. */
            attempts: number;
            /**
             * Format: date-time
             * @description When the gateway gave up.
             */
            at: string;
        };
        /** @description A page of messages. */
        MessagePage: {
            /** @description The messages, newest first. */
            messages: components["schemas"]["Message"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
        };
        /** @description A message and its results. */
        MessageReport: {
            /** @description The message’s id in the gateway. */
            id: string;
            /** @description The dialect whose API sent it; null for an operator’s message, which goes to devices of all dialects. */
            dialect: string | null;
            /** @description The id that phones report, which was also returned to the caller in the dialect. */
            externalId: string;
            /**
             * @description `scheduled` until its time, also between repeats; `planning` while its audience is looked up; `sending` until every phone has an outcome. The others are final.
             * @enum {string}
             */
            state: "scheduled" | "planning" | "sending" | "done" | "cancelled" | "expired";
            /**
             * @description Messages with `high` priority are sent first.
             * @enum {string}
             */
            priority: "high" | "normal";
            /** @description The seconds for which push services may keep trying; null if the message’s content sets it. */
            ttl: number | null;
            /** @description The audience: topics, platforms and the filter; of users, devices and tokens, only the number. */
            audience: {
                [key: string]: unknown;
            };
            /** @description When it is sent. */
            schedule: {
                /** @description When it is to be sent; null for immediately. */
                at: string | null;
                /** @description Whether `at` is in each phone’s own time zone. */
                localTime: boolean;
                /** @description The seconds between repeats; null to send it once. */
                every: number | null;
                /** @description When the repeats end. */
                until: string | null;
            };
            /** @description The members of the call that have no effect here, as paths with dots. */
            ignored: string[];
            /** @description The number of phones by outcome; outcomes without phones are left out. */
            counts: {
                [key: string]: number;
            };
            /**
             * Format: date-time
             * @description When it was accepted.
             */
            createdAt: string;
            /** @description When its audience was determined; null while it is scheduled. */
            startedAt: string | null;
            /** @description When it ended; null until then. */
            finishedAt: string | null;
            /** @description The content of an operator’s message, as given; null for a message sent through a dialect. */
            content: {
                [key: string]: unknown;
            } | null;
            /** @description The phones by push service, platform, outcome and hour. */
            breakdown: {
                /**
                 * @description The push service.
                 * @enum {string}
                 */
                provider: "apns" | "fcm" | "webpush" | "wns" | "adm" | "hms" | "email" | "sms" | "whatsapp" | "other";
                /** @description The platform: one of ios, android, macos, windows, web, amazon, huawei, email, sms, whatsapp. */
                platform: string;
                /**
                 * @description The outcome for a phone: `waiting`, `accepted` by its push service, or why the message did not reach it.
                 * @enum {string}
                 */
                outcome: "waiting" | "accepted" | "dead" | "mismatch" | "payload" | "expired" | "skipped" | "cancelled" | "unconfigured" | "unsupported" | "failed";
                /**
                 * Format: date-time
                 * @description The start of the hour of the outcome.
                 */
                hour: string;
                /** @description The number of phones. */
                count: number;
            }[];
            /** @description The number of devices that reported its arrival. */
            delivered: number;
            /** @description The number of devices that reported that it was opened. */
            opened: number;
        };
        /** @description A call that both sides answered differently. */
        MirrorDiff: {
            /** @description The id of the stored difference. */
            id: string;
            /**
             * Format: date-time
             * @description When the call was made.
             */
            at: string;
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /**
             * @description How calls were shared at that time.
             * @enum {string}
             */
            mode: "forward" | "record" | "shadow";
            /** @description The method and the path, with `{…}` in place of ids. */
            route: string;
            /**
             * @description The severity of the worst difference. Intended differences are `info`.
             * @enum {string}
             */
            severity: "major" | "minor" | "info";
            /** @description Identifies all calls that differ in the same way. */
            signature: string;
            /** @description The answer of one side. */
            ours: {
                /** @description The HTTP status. */
                status: number;
                /** @description The duration, in milliseconds. */
                ms: number;
            };
            /** @description The answer of one side. */
            vendor: {
                /** @description The HTTP status. */
                status: number;
                /** @description The duration, in milliseconds. */
                ms: number;
            };
            /** @description Where and how both sides differ. */
            differences: {
                /** @description The path of the member, with dots; `*` stands for indexes and for names that are data. */
                path: string;
                /**
                 * @description The kind of difference: `missing` if only the vendor has the member, `extra` if only Pushport has it.
                 * @enum {string}
                 */
                kind: "status" | "type" | "missing" | "form" | "value" | "extra" | "header" | "order";
                /** @description Why the difference is intended; absent if it is a fault. */
                declared?: string;
                /** @description Tokens and personal data are masked. */
                ours?: unknown;
                /** @description Tokens and personal data are masked. */
                vendor?: unknown;
            }[];
            /** @description The bodies; null if they are not stored. */
            sample: {
                /** @description Tokens and personal data are masked. */
                request: unknown;
                /** @description Tokens and personal data are masked. */
                ours: unknown;
                /** @description Tokens and personal data are masked. */
                vendor: unknown;
            } | null;
        };
        /** @description A page of calls that both sides answered differently. */
        MirrorDiffPage: {
            /** @description The calls, newest first. */
            diffs: components["schemas"]["MirrorDiff"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
        };
        /** @description Calls that both sides answered with the same differences. */
        MirrorSignature: {
            /** @description Identifies all calls that differ in the same way. */
            signature: string;
            /** @description The method and the path, with `{…}` in place of ids. */
            route: string;
            /**
             * @description The severity of the worst difference. Intended differences are `info`.
             * @enum {string}
             */
            severity: "major" | "minor" | "info";
            /** @description The number of calls. */
            count: number;
            /**
             * Format: date-time
             * @description When the first call was made.
             */
            firstAt: string;
            /**
             * Format: date-time
             * @description When the last call was made.
             */
            lastAt: string;
            /** @description Where both sides differ. */
            differences: {
                /** @description The path of the member, with dots; `*` stands for indexes and for names that are data. */
                path: string;
                /**
                 * @description The kind of difference: `missing` if only the vendor has the member, `extra` if only Pushport has it.
                 * @enum {string}
                 */
                kind: "status" | "type" | "missing" | "form" | "value" | "extra" | "header" | "order";
                /** @description Why the difference is intended; absent if it is a fault. */
                declared?: string;
            }[];
            /** @description The id of an example in the list of differences. */
            example: string | null;
            /** @description Whether an operator accepted the difference. */
            accepted: boolean;
            /** @description The operator’s note. */
            note: string | null;
        };
        /** @description The counts of a mirror. */
        MirrorSummary: {
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /**
             * @description How calls are shared; `local` without a mirror.
             * @enum {string}
             */
            mode: "local" | "forward" | "record" | "shadow";
            /** @description The vendor’s address; null without a mirror. */
            upstream: string | null;
            /** @description The start of the counts: the last change of mode or address. */
            since: string | null;
            /** @description Calls to routes that are compared, without calls that came back in a loop. */
            requests: number;
            /** @description Calls that both sides answered: `equal` and `differing` together. */
            compared: number;
            /** @description Calls that both sides answered the same way. */
            equal: number;
            /** @description Calls that they answered differently. */
            differing: number;
            /** @description Calls and copies that the vendor answered. */
            sent: number;
            /** @description Calls from devices that one side did not know yet. */
            notComparable: number;
            /** @description Calls and copies that the vendor did not carry out. */
            failed: {
                /** @description The vendor did not answer, or something else answered in its place. */
                unreachable: number;
                /** @description The vendor did not answer in time. */
                timeout: number;
                /** @description The vendor refused the call. */
                refused: number;
            };
            /** @description Calls that were not sent to the vendor. */
            notSent: {
                /** @description Calls that are never copied. */
                never: number;
                /** @description Calls that had already passed through a gateway. */
                loop: number;
                /** @description Copies that were dropped because too many were waiting. */
                backlog: number;
            };
            /** @description Copies that are waiting to be sent. */
            waiting: number;
            /** @description Calls whose effect only one side has. */
            diverged: number;
            /** @description Copies that could not be delivered. */
            dropped: number;
            /** @description The latencies of compared calls. */
            latency: {
                /** @description The latency of the gateway’s answers; 0 before there are any. */
                ours: {
                    /** @description The median, in milliseconds. */
                    p50: number;
                    /** @description The 99th percentile, in milliseconds. */
                    p99: number;
                };
                /** @description The latency of the vendor’s answers; 0 before there are any. */
                vendor: {
                    /** @description The median, in milliseconds. */
                    p50: number;
                    /** @description The 99th percentile, in milliseconds. */
                    p99: number;
                };
            };
            /** @description The counts by route, the busiest first. */
            routes: {
                /** @description The method and the path, with `{…}` in place of ids. */
                route: string;
                /** @description Calls to routes that are compared, without calls that came back in a loop. */
                requests: number;
                /** @description Calls that both sides answered: `equal` and `differing` together. */
                compared: number;
                /** @description Calls that both sides answered the same way. */
                equal: number;
                /** @description Calls that they answered differently. */
                differing: number;
            }[];
            /** @description The differences, most frequent first; 500 at most. */
            signatures: components["schemas"]["MirrorSignature"][];
        };
        /** @description An operator’s token or console session. */
        OperatorKey: {
            /** @description The id. */
            id: string;
            /** @description The owner’s name, as in the audit log; `admin` for the configured admin token. */
            name: string;
            /**
             * @description `read` may see everything except secrets; `operate` may also send messages and change devices and users; `admin` may do everything.
             * @enum {string}
             */
            role: "read" | "operate" | "admin";
            /** @description The user agent of a session’s browser; null for a token. */
            about: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /** @description When it expires; null for a token. */
            expiresAt: string | null;
            /** @description When it was last used, accurate to an hour. */
            lastUsedAt: string | null;
            /** @description The token itself; only in the answer to the call that creates it. */
            secret?: string;
        };
        /** @description Why a call was refused (RFC 9457). */
        Problem: {
            /**
             * @description The kind of problem, as a stable name.
             * @enum {string}
             */
            type: "urn:pushport:problem:bad-media-type" | "urn:pushport:problem:bad-path" | "urn:pushport:problem:bad-body" | "urn:pushport:problem:too-large" | "urn:pushport:problem:header-too-large" | "urn:pushport:problem:invalid" | "urn:pushport:problem:unauthorized" | "urn:pushport:problem:forbidden" | "urn:pushport:problem:app-unknown" | "urn:pushport:problem:device-unknown" | "urn:pushport:problem:not-found" | "urn:pushport:problem:method-not-allowed" | "urn:pushport:problem:conflict" | "urn:pushport:problem:limit" | "urn:pushport:problem:device-limit" | "urn:pushport:problem:rate-limited" | "urn:pushport:problem:unavailable" | "urn:pushport:problem:internal";
            /** @description The kind of problem, in words. */
            title: string;
            /** @description The HTTP status of the answer. */
            status: number;
            /** @description What is wrong with this call. */
            detail: string;
            /** @description All faults found, if parts of the call are invalid. */
            errors?: {
                /** @description The path of the member, with dots. */
                path: string;
                /** @description What is wrong with it. */
                message: string;
            }[];
        };
        /** @description An app’s credential for a push service, with the members it was set with, except secrets: `endpoint`, for FCM `projectId` and `clientEmail`, for APNs `topic`, `environment`, `keyId` and `teamId` or `notAfter`. */
        Provider: {
            /** @description The push service. */
            kind: string;
            /**
             * @description Whether the service accepts the credential, as far as is known; it is checked when the credential is set.
             * @enum {string}
             */
            state: "ok" | "refused";
            /** @description The service’s reason for refusing the credential, or why it could not be checked; null if all is well. */
            reason: string | null;
            /** @description When the service began to refuse the credential; null if it accepts it. */
            since: string | null;
            /** @description Until when sending pauses because the service kept failing; null if messages are sent. */
            restingUntil: string | null;
            /** @description The dialect whose API set it; null if an operator set it. */
            dialect: string | null;
            /**
             * Format: date-time
             * @description When the app first had a credential of this kind.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last set.
             */
            updatedAt: string;
        } & {
            [key: string]: unknown;
        };
        /** @description All providers of an app, without secrets. */
        ProviderList: {
            /** @description The providers, by kind. */
            providers: components["schemas"]["Provider"][];
        };
        /** @description The progress of a dialect’s move from its vendor. */
        Readiness: {
            /** @description The app’s id. */
            app: string;
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /**
             * Format: date-time
             * @description When it was counted.
             */
            at: string;
            /**
             * Format: date-time
             * @description Only calls from this time on count.
             */
            since: string;
            /** @description When the vendor exported the newest imported file. */
            exportedAt: string | null;
            /** @description A device counts as active if it was used within this many days before the export. */
            activeDays: number;
            /** @description All devices of the dialect. */
            totals: {
                /** @description Imported devices. */
                imported: number;
                /** @description Of these, devices that have called since. */
                both: number;
                /** @description Of these, devices that have not: only the vendor has seen them. */
                residue: number;
                /** @description Devices that have called since but were in no import. */
                liveOnly: number;
                /** @description Imported devices that were active at the vendor, without those known to be dead. */
                active: number;
                /** @description Of these, devices that have called since. */
                activeSeen: number;
                /** @description Devices that have called since. */
                live: number;
                /** @description Imported devices whose token a push service refused. */
                dead: number;
                /** @description Imported devices whose id is not known yet. */
                placeholders: number;
            };
            /** @description The share of the vendor’s devices that have called the gateway. */
            coverage: {
                /** @description The share of the imported devices that have called; null without any. */
                all: number | null;
                /** @description The share of the active devices that have called; null without any. */
                active: number | null;
            };
            /** @description The same by platform, largest first; all after the first 50 are in `other`. */
            byPlatform: {
                /** @description The value; null for devices that have none. */
                value: string | null;
                /** @description Imported devices. */
                imported: number;
                /** @description Of these, devices that have called since. */
                both: number;
                /** @description Of these, devices that have not: only the vendor has seen them. */
                residue: number;
                /** @description Devices that have called since but were in no import. */
                liveOnly: number;
                /** @description Imported devices that were active at the vendor, without those known to be dead. */
                active: number;
                /** @description Of these, devices that have called since. */
                activeSeen: number;
            }[];
            /** @description The same by app version, largest first; all after the first 50 are in `other`. */
            byAppVersion: {
                /** @description The value; null for devices that have none. */
                value: string | null;
                /** @description Imported devices. */
                imported: number;
                /** @description Of these, devices that have called since. */
                both: number;
                /** @description Of these, devices that have not: only the vendor has seen them. */
                residue: number;
                /** @description Devices that have called since but were in no import. */
                liveOnly: number;
                /** @description Imported devices that were active at the vendor, without those known to be dead. */
                active: number;
                /** @description Of these, devices that have called since. */
                activeSeen: number;
            }[];
            /** @description The same by SDK version, largest first; all after the first 50 are in `other`. */
            bySdkVersion: {
                /** @description The value; null for devices that have none. */
                value: string | null;
                /** @description Imported devices. */
                imported: number;
                /** @description Of these, devices that have called since. */
                both: number;
                /** @description Of these, devices that have not: only the vendor has seen them. */
                residue: number;
                /** @description Devices that have called since but were in no import. */
                liveOnly: number;
                /** @description Imported devices that were active at the vendor, without those known to be dead. */
                active: number;
                /** @description Of these, devices that have called since. */
                activeSeen: number;
            }[];
            /** @description The same by country, largest first; all after the first 50 are in `other`. */
            byCountry: {
                /** @description The value; null for devices that have none. */
                value: string | null;
                /** @description Imported devices. */
                imported: number;
                /** @description Of these, devices that have called since. */
                both: number;
                /** @description Of these, devices that have not: only the vendor has seen them. */
                residue: number;
                /** @description Devices that have called since but were in no import. */
                liveOnly: number;
                /** @description Imported devices that were active at the vendor, without those known to be dead. */
                active: number;
                /** @description Of these, devices that have called since. */
                activeSeen: number;
            }[];
            /** @description One entry a day up to today, 400 at most. */
            curve: {
                /**
                 * Format: date
                 * @description The day, in UTC.
                 */
                date: string;
                /** @description Active devices that had called by the end of the day. */
                seen: number;
                /** @description Their share of all active devices. */
                share: number;
            }[];
            /** @description When shares of the active devices will have called. The hazard usually falls over time, so distant dates tend to be too early. */
            estimate: {
                /** @description The number of days that the estimate is based on. */
                window: number;
                /** @description The share of the missing devices that call for the first time in a day; null if unknown. */
                hazard: number | null;
                /** @description One for each requested share. */
                targets: {
                    /** @description A share of the active devices. */
                    share: number;
                    /**
                     * Format: date
                     * @description When the share was reached.
                     */
                    reachedAt?: string;
                    /** @description When the share was or will be reached; null if that cannot be estimated. */
                    date: string | null;
                    /**
                     * Format: date
                     * @description The first day of the interval in which it is expected.
                     */
                    earliest?: string;
                    /**
                     * Format: date
                     * @description The last day of that interval.
                     */
                    latest?: string;
                    /**
                     * @description Why there is no date.
                     * @enum {string}
                     */
                    reason?: "too_few_days" | "too_few_events" | "plateau" | "no_devices";
                }[];
            };
            /** @description The conclusion. */
            verdict: {
                /**
                 * @description Whether the vendor can be turned off.
                 * @enum {string}
                 */
                state: "not_started" | "running" | "stalled" | "ready";
                /** @description The date from which it can be turned off, as far as is known. */
                safeFrom: string | null;
                /** @description The reasons for the state. */
                reasons: string[];
            };
            /** @description What the vendor bills, compared with what messages reach. */
            cost: {
                /** @description Rows of the vendor’s export, which it bills for. */
                billed: number;
                /** @description Devices in the gateway that a message would reach. */
                reachable: number;
                /** @description The share of billed rows without a reachable device; null without rows. */
                idle: number | null;
            };
            /** @description Imported devices that have not called, by their last activity at the vendor. */
            unseen: {
                /** @description The month of their last activity; null if unknown. */
                month: string | null;
                /** @description The number of devices. */
                devices: number;
            }[];
            /** @description The counts of the dialect’s mirror; zeros without one. */
            mirror: {
                /**
                 * @description How calls are shared with the vendor.
                 * @enum {string}
                 */
                mode: "local" | "forward" | "record" | "shadow";
                /** @description Calls that were shared. */
                requests: number;
                /** @description Calls that both sides answered differently. */
                differing: number;
                /** @description Calls whose effect only one side has. */
                diverged: number;
                /** @description Copies that could not be delivered. */
                dropped: number;
                /** @description Copies that are waiting to be sent. */
                waiting: number;
            };
            /** @description `hazard_falling`: fewer devices arrive than a week ago, so the dates are too early. `first_calls_unknown`: some devices had called before `since`, and the curve counts them on its first day. */
            warnings: ("hazard_falling" | "first_calls_unknown")[];
        };
        /** @description A large app is being counted for the first time. */
        ReadinessCounting: {
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /** @description Devices counted so far. */
            devices: number;
        };
        /** @description The curves of the largest groups of devices. */
        ReadinessCurves: {
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /**
             * Format: date-time
             * @description When it was counted.
             */
            at: string;
            /**
             * Format: date-time
             * @description Only calls from this time on count.
             */
            since: string;
            /** @description The ten largest groups by platform, app version, SDK version and country. */
            curves: {
                /**
                 * @description The property that the devices share.
                 * @enum {string}
                 */
                by: "platform" | "appVersion" | "sdkVersion" | "country";
                /** @description The value; null for devices that have none. */
                value: string | null;
                /** @description Active devices in the group. */
                active: number;
                /** @description One entry a day up to today, 400 at most. */
                curve: {
                    /**
                     * Format: date
                     * @description The day, in UTC.
                     */
                    date: string;
                    /** @description Active devices that had called by the end of the day. */
                    seen: number;
                    /** @description Their share of all active devices. */
                    share: number;
                }[];
            }[];
        };
        /** @description The progress of an app’s move. */
        ReadinessList: {
            /** @description One for each dialect of the app. */
            dialects: components["schemas"]["Readiness"][];
            /** @description Dialects that are still being counted: ask again. */
            counting: string[];
        };
        /** @description A readiness that an operator signed off. */
        ReadinessRecord: {
            /** @description The record’s id. */
            id: string;
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /**
             * Format: date-time
             * @description When it was signed off.
             */
            at: string;
            /** @description The name of the token that was used. */
            actor: string;
            /** @description The operator’s note. */
            note: string | null;
            /** @description The SHA-256 of `document` as stored, in hexadecimal. */
            sha256: string;
            /** @description The readiness at that time. */
            document: {
                [key: string]: unknown;
            };
        };
        /** @description A page of records. */
        ReadinessRecordPage: {
            /** @description The records, newest first. */
            records: components["schemas"]["ReadinessRecord"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
        };
        /** @description How often one device reported about one message. */
        Receipt: {
            /** @description The device’s id in the gateway. */
            deviceId: string;
            /** @description The message’s id, as the client sent it. */
            messageId: string;
            /**
             * @description What the client reported.
             * @enum {string}
             */
            kind: "delivered" | "opened";
            /** @description How often it reported this. */
            count: number;
            /**
             * Format: date-time
             * @description When it first reported this.
             */
            firstAt: string;
            /**
             * Format: date-time
             * @description When it last reported this.
             */
            lastAt: string;
            /** @description Other data in the last report. */
            details: {
                [key: string]: unknown;
            };
        };
        /** @description A page of reports. */
        ReceiptPage: {
            /** @description The reports, by message and device. */
            receipts: components["schemas"]["Receipt"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
        };
        /** @description A refused call to a dialect. */
        Refusal: {
            /**
             * Format: date-time
             * @description When it was refused.
             */
            at: string;
            /** @description The answer’s `X-Request-Id`. */
            requestId: string;
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /** @description The app that was called; null if the call named no existing app. */
            app: string | null;
            /** @description The route’s pattern, never the actual path. */
            route: string;
            /** @description The HTTP status of the answer. */
            status: number;
            /**
             * @description The kind of refusal.
             * @enum {string}
             */
            code: "bad_media_type" | "bad_path" | "bad_body" | "too_large" | "header_too_large" | "invalid" | "unauthorized" | "forbidden" | "app_unknown" | "device_unknown" | "not_found" | "method_not_allowed" | "conflict" | "limit" | "device_limit" | "rate_limited" | "unavailable" | "internal";
            /** @description Why it was refused, in at most 300 characters. */
            reason: string;
            /** @description The first and last characters of the app id, key or client id that the caller sent; null if it sent none. */
            identifier: string | null;
        };
        /** @description The last refusals of this process or isolate; each keeps only its own. */
        RefusalList: {
            /** @description The refusals, newest first. */
            refusals: components["schemas"]["Refusal"][];
        };
        /** @description A preview of a message. */
        Rehearsal: {
            /** @description The audience, if the message were sent now. */
            audience: {
                /** @description The number of phones that would get it. */
                phones: number;
                /** @description False if there are too many phones to count; then there are at least this many. */
                complete: boolean;
                /** @description The phones by push service. */
                byProvider: {
                    [key: string]: number;
                };
                /** @description The phones by platform. */
                byPlatform: {
                    [key: string]: number;
                };
            };
            /** @description What example phones would get, in every dialect that has a format for them. */
            payloads: components["schemas"]["Sample"][];
            /** @description The members of the call that have no effect, as paths with dots. */
            ignored: string[];
        };
        /** @description A feed webhook with the secret that signs its calls. */
        RevealedFeedWebhook: {
            /** @description The webhook’s id. */
            id: string;
            /** @description The name that operators gave it; unique in its app. */
            name: string;
            /** @description The address of its calls. */
            url: string;
            /** @description The kinds of event that it receives; null for all. */
            events: ("registered" | "attached" | "rotated" | "userChanged" | "profileChanged" | "subscribed" | "unsubscribed" | "unregistered" | "expired" | "superseded" | "forgotten" | "deactivated" | "tokenChanged" | "detached" | "renamed" | "dead" | "tagsChanged" | "topicRemoved" | "erased" | "gone" | "imported" | "adopted" | "undone")[] | null;
            /** @description Its position in the feed, after all events that were delivered, wait for another attempt, or are dead. */
            cursor: string;
            /** @description Why nothing is sent: its receiver answered 410 (`gone`) or accepted nothing for five days (`failing`), the events at its position have been deleted (`history`), or an operator paused it (`operator`); null if calls are made. */
            stopped: ("gone" | "failing" | "history" | "operator") | null;
            /** @description Events that were not accepted and will be tried again; 500 at most. */
            waiting: number;
            /** @description Events that will not be tried again; the newest 500 are kept. */
            dead: number;
            /** @description Successful calls. */
            delivered: number;
            /** @description Events refused since the last successful call; from 5 on, calls pause. */
            failures: number;
            /** @description When calls began to fail; null if the last one succeeded. */
            failingSince: string | null;
            /** @description Until when calls pause; null if they do not. */
            restingUntil: string | null;
            /** @description The last call; null if there has been none. */
            last: {
                /**
                 * Format: date-time
                 * @description When it ended.
                 */
                at: string;
                /** @description The answer’s status; null without an answer. */
                status: number | null;
                /** @description What went wrong, masked; null if it succeeded. */
                error: string | null;
            } | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedAt: string;
            /** @description The secret that signs its calls (Standard Webhooks): `whsec_` and the base64 of 24 to 64 bytes. */
            secret: string;
        };
        /** @description A webhook with the secret that signs its calls. */
        RevealedWebhook: {
            /** @description The webhook’s id. */
            id: string;
            /** @description The name that the app’s back end gave it; unique in its dialect. */
            name: string;
            /** @description The address of its calls. */
            url: string;
            /** @description The kinds of event that it receives. */
            events: ("deviceRegistered" | "deviceUpdated" | "deviceUnregistered" | "subscribed" | "unsubscribed" | "messageStatusChanged" | "messageFailed" | "messageDelivered" | "messageOpened" | "usersAttempted")[];
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /** @description Calls waiting to be delivered, counted up to 10,000. */
            waiting: number;
            /** @description Failures since the last successful call. */
            failures: number;
            /** @description Until when calls pause because too many failed; null if they do not. */
            restingUntil: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedAt: string;
            /** @description The secret that signs its calls (Standard Webhooks): `whsec_` and the base64 of 24 to 64 bytes. Null if an operator supplied it. */
            secret: string | null;
        };
        /** @description What an example phone would get. */
        Sample: {
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /**
             * @description The push service.
             * @enum {string}
             */
            provider: "apns" | "fcm" | "webpush" | "wns" | "adm" | "hms" | "email" | "sms" | "whatsapp" | "other";
            /**
             * @description The platform.
             * @enum {string}
             */
            platform: "ios" | "android" | "macos" | "windows" | "web" | "amazon" | "huawei" | "email" | "sms" | "whatsapp";
            /** @description The body of the request to the push service, without the recipient. */
            body: string;
            /** @description The headers of the request to the push service. */
            headers: {
                [key: string]: string;
            };
            /**
             * @description The priority.
             * @enum {string}
             */
            priority: "high" | "normal";
            /** @description Messages with the same key replace each other; null for none. */
            collapse: string | null;
            /** @description The seconds for which the push service may keep trying. */
            ttl: number;
            /** @description Why the push service would refuse it for any recipient; null if no reason is known. */
            fault: string | null;
        };
        /** @description The open sessions of the console. */
        SessionList: {
            /** @description The sessions, newest first. */
            sessions: {
                /** @description The id. */
                id: string;
                /** @description The owner’s name, as in the audit log; `admin` for the configured admin token. */
                name: string;
                /**
                 * @description `read` may see everything except secrets; `operate` may also send messages and change devices and users; `admin` may do everything.
                 * @enum {string}
                 */
                role: "read" | "operate" | "admin";
                /** @description The user agent of a session’s browser; null for a token. */
                about: string | null;
                /**
                 * Format: date-time
                 * @description When it was created.
                 */
                createdAt: string;
                /** @description When it expires; null for a token. */
                expiresAt: string | null;
                /** @description When it was last used, accurate to an hour. */
                lastUsedAt: string | null;
                /** @description The token itself; only in the answer to the call that creates it. */
                secret?: string;
                /** @description Whether this call was made with it. */
                own: boolean;
            }[];
        };
        /** @description Totals of an app. */
        Stats: {
            /** @description The current devices. */
            devices: {
                /** @description All current devices. */
                total: number;
                /** @description Devices that a message would reach, as far as is known. */
                active: number;
                /** @description Devices that count toward the app’s limit: all except superseded ones. */
                inUse: number;
                /** @description The current devices by dialect. */
                byDialect: {
                    [key: string]: number;
                };
                /** @description The current devices by platform. */
                byPlatform: {
                    [key: string]: number;
                };
                /** @description The current devices by push service. */
                byProvider: {
                    [key: string]: number;
                };
            };
            /** @description New devices by day. */
            registrationsPerDay: {
                /**
                 * Format: date
                 * @description The day, in UTC.
                 */
                date: string;
                /** @description The number of new devices. */
                count: number;
            }[];
        };
        /** @description The status of the gateway. */
        Status: {
            /** @description The version of the gateway. */
            version: string;
            /** @description The gateway’s own address, as it appears in links. */
            origin: string;
            /** @description The database. */
            database: {
                /** @description Its size in bytes; null if it is not known yet. */
                bytes: number | null;
                /** @description Problems that an operator should address soon. */
                warnings: string[];
            };
        };
        /** @description All named admin tokens. */
        TokenList: {
            /** @description The tokens, newest first. */
            tokens: components["schemas"]["OperatorKey"][];
        };
        /** @description A topic and its subscribers. */
        Topic: {
            /** @description The topic’s name. */
            topic: string;
            /** @description The number of current devices subscribed to it. */
            subscribers: number;
        };
        /** @description A page of topics. */
        TopicPage: {
            /** @description The topics, in byte order of their names. */
            topics: components["schemas"]["Topic"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
        };
        /** @description An undo by an operator. */
        Undo: {
            /** @description The undo’s id. */
            id: string;
            /** @description Whether it only counts what would change. */
            dryRun: boolean;
            /**
             * @description `completed` once all events have been examined.
             * @enum {string}
             */
            state: "running" | "completed";
            /** @description The cause of the events to undo; null for any cause. */
            cause: string | null;
            /** @description The kind of the events to undo; null for any kind. */
            kind: ("registered" | "attached" | "rotated" | "userChanged" | "profileChanged" | "subscribed" | "unsubscribed" | "unregistered" | "expired" | "superseded" | "forgotten" | "deactivated" | "tokenChanged" | "detached" | "renamed" | "dead" | "tagsChanged" | "topicRemoved" | "erased" | "gone" | "imported" | "adopted" | "undone") | null;
            /**
             * Format: date-time
             * @description The time of the first events to undo.
             */
            from: string;
            /**
             * Format: date-time
             * @description The time of the last events to undo.
             */
            until: string;
            /** @description The name of the token that was used. */
            actor: string;
            /**
             * Format: date-time
             * @description When it was started.
             */
            createdAt: string;
            /** @description When it ended; null until then. */
            finishedAt: string | null;
            /** @description Devices that an import had created and that are removed. */
            removed: number;
            /** @description Devices that an import had changed and that get their former data back. */
            restored: number;
            /** @description Other events that are undone. */
            undone: number;
            /** @description Devices and events that stay unchanged; `reasons` says why. */
            kept: number;
            /** @description How many stay unchanged, by reason (live_since, later_import, changed_since, called_since, token_erased, value_not_kept, proved_user, erased, gone, not_undoable): `live_since` is a phone that has called since, `token_erased` a token or a removed device that is no longer stored. */
            reasons: {
                [key: string]: number;
            };
        };
        /** @description A page of undos. */
        UndoPage: {
            /** @description The undos, newest first. */
            undos: components["schemas"]["Undo"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
        };
        /** @description The undo of one event. */
        UndoneEvent: {
            /** @description Whether nothing was changed. */
            dryRun: boolean;
            /** @description 1 if the event is undone, otherwise 0. */
            events: number;
            /** @description What stays as it is, 50 parts at most. With `events` 1, the rest of what the event changed is undone. */
            conflicts: {
                /** @description The device’s id. */
                device: string;
                /** @description The part of the device: `pushToken`, `user`, `enabled`, `externalId`, `tags.NAME`, `topics.NAME`, `profile.FIELD`, or `device` for all of it. */
                path: string;
                /**
                 * @description Why it stays.
                 * @enum {string}
                 */
                reason: "live_since" | "later_import" | "changed_since" | "called_since" | "token_erased" | "value_not_kept" | "proved_user" | "erased" | "gone" | "not_undoable";
                /** @description The present value; null for none or if it is not known. Push tokens are masked; of a long value, the first 200 characters are shown. */
                now: unknown;
                /** @description The value that the undo would restore; null for none or if it is not known. Push tokens are masked; of a long value, the first 200 characters are shown. */
                would: unknown;
            }[];
        };
        /** @description All data about a user. */
        User: {
            /** @description The user’s id, as devices send it. */
            userId: string;
            /** @description A page of the user’s devices in all dialects, newest first. */
            devices: components["schemas"]["Device"][];
            /** @description The position of the next page: pass it as `cursor`. Absent on the last page. */
            nextCursor?: string;
            /** @description The number of items of each kind, on all pages: counted up to 100,000 devices, and up to 2,000 of each other kind. */
            held: {
                [key: string]: number;
            };
            /** @description What happened to the devices, at most `limit`. */
            events: {
                /** @description The id with which the event can be undone; only in the history of a device. */
                id?: string;
                /** @description What happened, such as `registered`. */
                kind: string;
                /** @description The id of the request that caused it, or the name of the gateway’s own job. */
                cause: string;
                /** @description Details, which depend on the kind. */
                detail: {
                    [key: string]: unknown;
                };
                /**
                 * Format: date-time
                 * @description When it happened.
                 */
                at: string;
                /** @description The device’s id in the gateway; null if it is about all devices of the user. */
                deviceId: string | null;
            }[];
            /** @description The devices’ reports about messages, at most `limit`. */
            receipts: components["schemas"]["Receipt"][];
            /** @description Rows of bulk jobs, at most `limit`. */
            jobRows: components["schemas"]["JobRow"][];
            /** @description Registered clients, at most `limit`. */
            clients: components["schemas"]["Client"][];
            /** @description Former tokens and removed devices that are kept for an undo, at most `limit`. */
            keptStates: components["schemas"]["KeptState"][];
        };
        /** @description An address at which an app’s back end receives events. */
        Webhook: {
            /** @description The webhook’s id. */
            id: string;
            /** @description The name that the app’s back end gave it; unique in its dialect. */
            name: string;
            /** @description The address of its calls. */
            url: string;
            /** @description The kinds of event that it receives. */
            events: ("deviceRegistered" | "deviceUpdated" | "deviceUnregistered" | "subscribed" | "unsubscribed" | "messageStatusChanged" | "messageFailed" | "messageDelivered" | "messageOpened" | "usersAttempted")[];
            /** @description The dialect: the name of the vendor’s API that the device or app speaks. */
            dialect: string;
            /** @description Calls waiting to be delivered, counted up to 10,000. */
            waiting: number;
            /** @description Failures since the last successful call. */
            failures: number;
            /** @description Until when calls pause because too many failed; null if they do not. */
            restingUntil: string | null;
            /**
             * Format: date-time
             * @description When it was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedAt: string;
        };
        /** @description All webhooks of an app. */
        WebhookList: {
            /** @description The webhooks that back ends set up through dialects, by creation. */
            webhooks: components["schemas"]["Webhook"][];
            /** @description The feed’s webhooks, by creation. */
            feed: components["schemas"]["FeedWebhook"][];
        };
        /** @description The caller. */
        Whoami: {
            /** @description The owner’s name, as in the audit log; `admin` for the configured admin token. */
            name: string;
            /**
             * @description `read` may see everything except secrets; `operate` may also send messages and change devices and users; `admin` may do everything.
             * @enum {string}
             */
            role: "read" | "operate" | "admin";
            /** @description When the session ends; null for a token. */
            expiresAt: string | null;
        };
        /** @description What a destructive call would delete; the answer to `dryRun=true`. */
        Would: {
            /** @description How many items of each kind would be deleted, such as `devices` or `receipts`. Counting stops at a limit for each kind, 100,000 at most. */
            would: {
                [key: string]: number;
            };
        };
        /** @description The settings of an app for pusher-beams; see docs/recipes/pusher-beams.md. */
        PusherBeamsSetup: {
            /** @description The instance id that apps have baked in: a UUID. */
            instanceId?: string;
            /** @description The key that signs user tokens and opens server calls, up to 1,000 characters. */
            secretKey?: string;
            /** @description Whether a token that cannot be one is refused. False unless set. */
            checkTokens?: boolean;
            /** @description The addresses that are told of publishes to users; all of them. An empty list takes them away. */
            webhooks?: {
                /**
                 * Format: uri
                 * @description Where its calls go; each has another one.
                 */
                url: string;
                /** @description The key that signs its calls: never shown. */
                secret: string;
                /** @description The events that it is told of. All unless set. */
                events?: ("v1.PublishToUsersAttempt" | "v1.UserNotificationAcknowledgement" | "v1.UserNotificationOpen")[];
                /** @description An object that every call hands on. */
                customData?: {
                    [key: string]: unknown;
                };
            }[];
            /** @description How calls are shared with the vendor; see docs/mirror.md. Null removes the mirror. */
            mirror?: {
                /**
                 * @description `local`: no mirror. `forward`: the vendor answers every call, and nothing is stored here. `record`: the vendor answers, and what it accepted is stored here. `shadow`: the gateway answers, and the vendor gets a copy afterwards.
                 * @enum {string}
                 */
                mode: "local" | "forward" | "record" | "shadow";
                /** @description The base URL of the vendor’s API. */
                upstream?: string;
                /**
                 * @description The maximum time for a call, from its first byte to the last byte of the answer.
                 * @default 10000
                 */
                timeoutMs: number;
                /**
                 * @description The share of compared calls whose bodies are stored, masked.
                 * @default 1
                 */
                sample: number;
                /**
                 * @description The number of days for which differences are kept.
                 * @default 7
                 */
                keepDays: number;
                /**
                 * @description The maximum number of the gateway’s own calls to the vendor per second. Calls from phones do not count.
                 * @default 50
                 */
                maxPerSecond: number;
                /**
                 * @description What `record` does while the vendor is unreachable. `fail`: phones get an error and retry. `local`: the gateway answers and sends the vendor a copy later.
                 * @default fail
                 * @enum {string}
                 */
                fallback: "fail" | "local";
                /**
                 * @description Whether to ask the vendor once per device for its data.
                 * @default true
                 */
                learn: boolean;
                /**
                 * @description Whether devices with an unknown token are told to send it again.
                 * @default false
                 */
                coax: boolean;
                /** @description For the gateway’s own calls to the vendor; never shown. */
                credentials?: {
                    [key: string]: string;
                };
            };
        };
        /** @description The settings of an app for mobilefirst; see docs/recipes/mobilefirst.md. */
        MobilefirstSetup: {
            /** @description The package name or bundle id, up to 300 characters. */
            applicationId?: string;
            /** @description Confidential clients of back ends, up to 50. */
            clients?: {
                /** @description The OAuth client id: up to 200 characters, no colon. */
                clientId?: string;
                /** @description Its secret, up to 1,000 characters. */
                clientSecret?: string;
                /** @description What it may ask for; all operations where left out. */
                scopes?: string[];
            }[];
            /** @description How calls are shared with the vendor; see docs/mirror.md. Null removes the mirror. */
            mirror?: {
                /**
                 * @description `local`: no mirror. `forward`: the vendor answers every call, and nothing is stored here. `record`: the vendor answers, and what it accepted is stored here. `shadow`: the gateway answers, and the vendor gets a copy afterwards.
                 * @enum {string}
                 */
                mode: "local" | "forward" | "record" | "shadow";
                /** @description The base URL of the vendor’s API. */
                upstream?: string;
                /**
                 * @description The maximum time for a call, from its first byte to the last byte of the answer.
                 * @default 10000
                 */
                timeoutMs: number;
                /**
                 * @description The share of compared calls whose bodies are stored, masked.
                 * @default 1
                 */
                sample: number;
                /**
                 * @description The number of days for which differences are kept.
                 * @default 7
                 */
                keepDays: number;
                /**
                 * @description The maximum number of the gateway’s own calls to the vendor per second. Calls from phones do not count.
                 * @default 50
                 */
                maxPerSecond: number;
                /**
                 * @description What `record` does while the vendor is unreachable. `fail`: phones get an error and retry. `local`: the gateway answers and sends the vendor a copy later.
                 * @default fail
                 * @enum {string}
                 */
                fallback: "fail" | "local";
                /**
                 * @description Whether to ask the vendor once per device for its data.
                 * @default true
                 */
                learn: boolean;
                /**
                 * @description Whether devices with an unknown token are told to send it again.
                 * @default false
                 */
                coax: boolean;
                /** @description For the gateway’s own calls to the vendor; never shown. */
                credentials?: {
                    [key: string]: string;
                };
            };
        };
        /** @description The settings of an app for flameup; see docs/recipes/flameup.md. */
        FlameupSetup: {
            /** @description The workspace id, up to 255 characters. */
            workspaceId?: string;
            /** @description API keys, up to 100, each of which names its workspace. */
            apiKeys?: {
                /** @description The key, whole: up to 1,000 characters without white space. */
                key?: string;
                /** @description What it allows; `devices:write` where left out. */
                scopes?: string[];
            }[];
            /** @description How calls are shared with the vendor; see docs/mirror.md. Null removes the mirror. */
            mirror?: {
                /**
                 * @description `local`: no mirror. `forward`: the vendor answers every call, and nothing is stored here. `record`: the vendor answers, and what it accepted is stored here. `shadow`: the gateway answers, and the vendor gets a copy afterwards.
                 * @enum {string}
                 */
                mode: "local" | "forward" | "record" | "shadow";
                /** @description The base URL of the vendor’s API. */
                upstream?: string;
                /**
                 * @description The maximum time for a call, from its first byte to the last byte of the answer.
                 * @default 10000
                 */
                timeoutMs: number;
                /**
                 * @description The share of compared calls whose bodies are stored, masked.
                 * @default 1
                 */
                sample: number;
                /**
                 * @description The number of days for which differences are kept.
                 * @default 7
                 */
                keepDays: number;
                /**
                 * @description The maximum number of the gateway’s own calls to the vendor per second. Calls from phones do not count.
                 * @default 1
                 */
                maxPerSecond: number;
                /**
                 * @description What `record` does while the vendor is unreachable. `fail`: phones get an error and retry. `local`: the gateway answers and sends the vendor a copy later.
                 * @default fail
                 * @enum {string}
                 */
                fallback: "fail" | "local";
                /**
                 * @description Whether to ask the vendor once per device for its data.
                 * @default true
                 */
                learn: boolean;
                /**
                 * @description Whether devices with an unknown token are told to send it again.
                 * @default false
                 */
                coax: boolean;
                /** @description For the gateway’s own calls to the vendor; never shown. */
                credentials?: {
                    [key: string]: string;
                };
            };
        };
        /** @description The settings of an app for pushwoosh; see docs/recipes/pushwoosh.md. */
        PushwooshSetup: {
            /** @description The application code that apps have baked in, such as ABCDE-12345. */
            applicationCode?: string;
            /** @description The token of server calls, up to 1,000 characters. */
            apiToken?: string;
            /** @description Whether Device API calls without the token are refused. False unless set. */
            strict?: boolean;
            /** @description The types of the app’s tags by name, up to 1,000 in one document. */
            tagTypes?: {
                [key: string]: "string" | "integer" | "price" | "boolean" | "date" | "list" | "version";
            };
            /** @description How calls are shared with the vendor; see docs/mirror.md. Null removes the mirror. */
            mirror?: {
                /**
                 * @description `local`: no mirror. `forward`: the vendor answers every call, and nothing is stored here. `record`: the vendor answers, and what it accepted is stored here. `shadow`: the gateway answers, and the vendor gets a copy afterwards.
                 * @enum {string}
                 */
                mode: "local" | "forward" | "record" | "shadow";
                /** @description The base URL of the vendor’s API. */
                upstream?: string;
                /**
                 * @description The maximum time for a call, from its first byte to the last byte of the answer.
                 * @default 10000
                 */
                timeoutMs: number;
                /**
                 * @description The share of compared calls whose bodies are stored, masked.
                 * @default 1
                 */
                sample: number;
                /**
                 * @description The number of days for which differences are kept.
                 * @default 7
                 */
                keepDays: number;
                /**
                 * @description The maximum number of the gateway’s own calls to the vendor per second. Calls from phones do not count.
                 * @default 50
                 */
                maxPerSecond: number;
                /**
                 * @description What `record` does while the vendor is unreachable. `fail`: phones get an error and retry. `local`: the gateway answers and sends the vendor a copy later.
                 * @default fail
                 * @enum {string}
                 */
                fallback: "fail" | "local";
                /**
                 * @description Whether to ask the vendor once per device for its data.
                 * @default true
                 */
                learn: boolean;
                /**
                 * @description Whether devices with an unknown token are told to send it again.
                 * @default false
                 */
                coax: boolean;
                /** @description For the gateway’s own calls to the vendor; never shown. */
                credentials?: {
                    [key: string]: string;
                };
            };
        };
        /** @description The settings of an app for backendless; see docs/recipes/backendless.md. */
        BackendlessSetup: {
            /**
             * @description The shape of a retrieved registration; `auto`: by the key.
             * @enum {string}
             */
            retrieve?: "auto" | "array" | "object";
            /** @description Hosts that name the app by themselves, up to 100. */
            domains?: {
                /** @description A host name, without a port. */
                host: string;
                /**
                 * @description The key that it stands for.
                 * @enum {string}
                 */
                key?: "rest" | "js" | "android" | "ios" | "dotnet" | "custom";
            }[];
            /** @description Where everything but registrations and messages goes; null: nowhere. */
            upstream?: string | null;
            /** @description Whether the retired v3 form is taken, too. */
            v3?: boolean;
            /** @description Whether Android devices are told apart by their tokens. */
            keyByToken?: boolean;
            /** @description Push templates by name, up to 100, in the form of the vendor’s console. */
            pushTemplates?: {
                [key: string]: {
                    /** @description The text; words in braces stand for values. */
                    message: string;
                    /** @description None: all. */
                    platforms?: ("IOS" | "ANDROID" | "OSX")[] | null;
                    /** @description Whose devices get it. */
                    channelName?: string | null;
                    /** @description Without effect here. */
                    segmentQuery?: string | null;
                    /** @description As the console has them. */
                    options?: ({
                        /** @description On iOS. */
                        ios?: {
                            [key: string]: unknown;
                        } | null;
                        /** @description On Android. */
                        android?: {
                            [key: string]: unknown;
                        } | null;
                        /** @description On macOS. */
                        osx?: {
                            [key: string]: unknown;
                        } | null;
                    } & {
                        [key: string]: unknown;
                    }) | null;
                } & {
                    [key: string]: unknown;
                };
            };
            /** @description The application id: a UUID. */
            applicationId?: string;
            /** @description Keys by kind, up to 1,000 characters each. */
            apiKeys?: {
                [key: string]: string;
            };
            /** @description How calls are shared with the vendor; see docs/mirror.md. Null removes the mirror. */
            mirror?: {
                /**
                 * @description `local`: no mirror. `forward`: the vendor answers every call, and nothing is stored here. `record`: the vendor answers, and what it accepted is stored here. `shadow`: the gateway answers, and the vendor gets a copy afterwards.
                 * @enum {string}
                 */
                mode: "local" | "forward" | "record" | "shadow";
                /** @description The base URL of the vendor’s API. */
                upstream?: string;
                /**
                 * @description The maximum time for a call, from its first byte to the last byte of the answer.
                 * @default 10000
                 */
                timeoutMs: number;
                /**
                 * @description The share of compared calls whose bodies are stored, masked.
                 * @default 1
                 */
                sample: number;
                /**
                 * @description The number of days for which differences are kept.
                 * @default 7
                 */
                keepDays: number;
                /**
                 * @description The maximum number of the gateway’s own calls to the vendor per second. Calls from phones do not count.
                 * @default 50
                 */
                maxPerSecond: number;
                /**
                 * @description What `record` does while the vendor is unreachable. `fail`: phones get an error and retry. `local`: the gateway answers and sends the vendor a copy later.
                 * @default fail
                 * @enum {string}
                 */
                fallback: "fail" | "local";
                /**
                 * @description Whether to ask the vendor once per device for its data.
                 * @default true
                 */
                learn: boolean;
                /**
                 * @description Whether devices with an unknown token are told to send it again.
                 * @default false
                 */
                coax: boolean;
                /** @description For the gateway’s own calls to the vendor; never shown. */
                credentials?: {
                    [key: string]: string;
                };
            };
        };
    };
    responses: {
        /** @description `urn:pushport:problem:bad-media-type`: The content type is not `application/json`. */
        BadMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `urn:pushport:problem:bad-path`: The URL is too long (`MAX_PATH_LENGTH`, 8,192 characters by default) or contains U+0000.
         *
         *     `urn:pushport:problem:bad-body`: The body is not UTF-8, not JSON, nested too deeply (more than 32 levels), or incomplete.
         *
         *     `urn:pushport:problem:invalid`: A parameter or a field of the body is invalid or unknown; `errors` lists each.
         */
        BadPathOrBadBodyOrInvalid: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `urn:pushport:problem:too-large`: The body is larger than the limit: by default 1 MiB, and 10 MiB for feedback. */
        TooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `urn:pushport:problem:header-too-large`: The headers are larger than the server accepts. */
        HeaderTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `urn:pushport:problem:unauthorized`: The call has no valid admin token in `Authorization: Bearer`. */
        Unauthorized: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `urn:pushport:problem:forbidden`: The caller may not do this. */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `urn:pushport:problem:conflict`: The change conflicts with existing data: an identifier or a secret belongs to another app, or it is the last credential. For messages: the message is finished, or its idempotency key belongs to another one. */
        Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `urn:pushport:problem:rate-limited`: More than 3,000 calls in a minute from one address, or more than 100 with wrong tokens; `Retry-After` is the number of seconds to wait. */
        RateLimited: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `urn:pushport:problem:unavailable`: The database is busy or damaged, or a migration is missing; if there is a `Retry-After`, retry after that many seconds. */
        Unavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `urn:pushport:problem:internal`: An error in the gateway; the log has the cause under the request id. */
        Internal: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `urn:pushport:problem:bad-path`: The URL is too long (`MAX_PATH_LENGTH`, 8,192 characters by default) or contains U+0000.
         *
         *     `urn:pushport:problem:invalid`: A parameter or a field of the body is invalid or unknown; `errors` lists each.
         */
        BadPathOrInvalid: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `urn:pushport:problem:bad-path`: The URL is too long (`MAX_PATH_LENGTH`, 8,192 characters by default) or contains U+0000. */
        BadPath: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `urn:pushport:problem:app-unknown`: There is no app with this id. */
        AppUnknown: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `urn:pushport:problem:app-unknown`: There is no app with this id.
         *
         *     `urn:pushport:problem:not-found`: The resource does not exist.
         */
        AppUnknownOrNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `urn:pushport:problem:app-unknown`: There is no app with this id.
         *
         *     `urn:pushport:problem:device-unknown`: The app has no device with this id.
         */
        AppUnknownOrDeviceUnknown: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `urn:pushport:problem:conflict`: The change conflicts with existing data: an identifier or a secret belongs to another app, or it is the last credential. For messages: the message is finished, or its idempotency key belongs to another one.
         *
         *     `urn:pushport:problem:limit`: A limit is reached.
         */
        ConflictOrLimit: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `urn:pushport:problem:not-found`: The resource does not exist. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The id of the request in the log: the caller’s own `X-Request-Id` if it is valid (up to 128 plain characters), otherwise one that the gateway generates. */
        "X-Request-Id": string;
        /** @description The number of seconds to wait before trying again. */
        "Retry-After": number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listApps: {
        parameters: {
            query?: {
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of apps. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppPage"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    createApp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "shop",
                 *       "dialects": {
                 *         "pusher-beams": {}
                 *       },
                 *       "settings": {
                 *         "carryOver": true
                 *       },
                 *       "limits": {
                 *         "devices": 1000000
                 *       },
                 *       "retention": {
                 *         "inactiveDevices": 400
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description The name that operators see: 1 to 200 characters, no control characters; surrounding whitespace is removed. */
                    name: string;
                    /** @description The key pair with which browsers have already subscribed; generated by default. It cannot be changed later. */
                    vapid?: {
                        /** @description The P-256 public key in base64url, up to 200 characters. */
                        publicKey: string;
                        /** @description The private key in base64url, up to 200 characters. */
                        privateKey: string;
                        /** @description The contact for push services: a mailto: or https: address, up to 300 characters. */
                        subject?: string;
                    };
                    /** @description The settings of the app. */
                    settings?: {
                        /** @description Whether a phone’s topics are copied when it first registers through another dialect. The default is true. */
                        carryOver?: boolean;
                    };
                    /** @description The limits on the number of devices. Omitted members keep their value; null removes a limit. */
                    limits?: {
                        /** @description The maximum number of active devices in the app. Beyond it, new devices get an error in the form of their dialect, known devices keep working, and replaced devices do not count. */
                        devices?: number | null;
                        /** @description The maximum number of devices per user in one dialect, up to 1,000. When another device gets the user, the user is removed from the device that called least recently; that device keeps its token, topics and tags. */
                        devicesPerUser?: number | null;
                    };
                    /** @description For how many days data is kept. Omitted members keep their value; null uses the gateway’s setting. */
                    retention?: {
                        /** @description The history of devices, at least 7 days. Older events cannot be undone and are not in the feed. */
                        events?: number | null;
                        /** @description Reports about messages. */
                        receipts?: number | null;
                        /** @description Finished messages, with the result for each phone. */
                        messages?: number | null;
                        /** @description Devices that have not called for this many days are removed; at least 30. The default, null, removes none. */
                        inactiveDevices?: number | null;
                    };
                    /** @description The dialects that the app speaks, by name. With `{}`, everything the dialect needs is generated. */
                    dialects?: {
                        "pusher-beams"?: components["schemas"]["PusherBeamsSetup"];
                        mobilefirst?: components["schemas"]["MobilefirstSetup"];
                        flameup?: components["schemas"]["FlameupSetup"];
                        pushwoosh?: components["schemas"]["PushwooshSetup"];
                        backendless?: components["schemas"]["BackendlessSetup"];
                    };
                };
            };
        };
        responses: {
            /** @description The app, with its generated secrets. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description The URL of the app. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getApp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The app, without secrets. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteApp: {
        parameters: {
            query?: {
                /** @description Changes nothing; the answer is 200 with what would be deleted. */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With `dryRun`: what would be deleted. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Would"];
                };
            };
            /** @description The app is deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeApp: {
        parameters: {
            query?: {
                /** @description Changes nothing; the answer is 200 with what would be deleted. */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "shop (live)",
                 *       "dialects": {
                 *         "pusher-beams": {}
                 *       },
                 *       "retention": {
                 *         "inactiveDevices": null
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description The name that operators see: 1 to 200 characters, no control characters; surrounding whitespace is removed. */
                    name?: string;
                    /** @description The settings of the app. */
                    settings?: {
                        /** @description Whether a phone’s topics are copied when it first registers through another dialect. The default is true. */
                        carryOver?: boolean;
                    };
                    /** @description The limits on the number of devices. Omitted members keep their value; null removes a limit. */
                    limits?: {
                        /** @description The maximum number of active devices in the app. Beyond it, new devices get an error in the form of their dialect, known devices keep working, and replaced devices do not count. */
                        devices?: number | null;
                        /** @description The maximum number of devices per user in one dialect, up to 1,000. When another device gets the user, the user is removed from the device that called least recently; that device keeps its token, topics and tags. */
                        devicesPerUser?: number | null;
                    };
                    /** @description For how many days data is kept. Omitted members keep their value; null uses the gateway’s setting. */
                    retention?: {
                        /** @description The history of devices, at least 7 days. Older events cannot be undone and are not in the feed. */
                        events?: number | null;
                        /** @description Reports about messages. */
                        receipts?: number | null;
                        /** @description Finished messages, with the result for each phone. */
                        messages?: number | null;
                        /** @description Devices that have not called for this many days are removed; at least 30. The default, null, removes none. */
                        inactiveDevices?: number | null;
                    };
                    /** @description The dialects to add or change, by name. Null removes a dialect with all of its devices. */
                    dialects?: {
                        "pusher-beams"?: components["schemas"]["PusherBeamsSetup"] | null;
                        mobilefirst?: components["schemas"]["MobilefirstSetup"] | null;
                        flameup?: components["schemas"]["FlameupSetup"] | null;
                        pushwoosh?: components["schemas"]["PushwooshSetup"] | null;
                        backendless?: components["schemas"]["BackendlessSetup"] | null;
                    };
                };
            };
        };
        responses: {
            /** @description The app, with newly generated secrets; with `dryRun`, what would be deleted. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["App"] | components["schemas"]["Would"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listCredentials: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All credentials, oldest first. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialList"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    addCredential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "dialect": "pusher-beams"
                 *     }
                 */
                "application/json": {
                    /** @description The dialect’s name. */
                    dialect: string;
                    /** @description The kind of credential. The default is the usual kind of the dialect, if it has one. */
                    kind?: string;
                    /** @description The public half of a pair, such as an OAuth client id; 1 to 200 characters; generated by default. */
                    name?: string;
                    /** @description The secret, 1 to 1,000 characters; by default it is generated and shown in the answer. */
                    secret?: string;
                    /** @description The permissions, as the dialect names them: up to 100, of 1 to 200 characters each. */
                    scopes?: string[];
                };
            };
        };
        responses: {
            /** @description The credential, with its secret if it was generated. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Credential"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteCredential: {
        parameters: {
            query?: {
                /** @description Changes nothing; the answer is 200 with what would be deleted. */
                dryRun?: boolean;
                /** @description Deletes even the last credential of a dialect, without which all its server calls are refused. */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The credential’s id. */
                credential: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With `dryRun`: what would be deleted. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Would"];
                };
            };
            /** @description The credential is deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listProviders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All configured push services. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderList"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The push service: `fcm`, `apns`, `webpush`, `wns`, `hms` or `adm`. */
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider, without secrets. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    putProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The push service: `fcm`, `apns`, `webpush`, `wns`, `hms` or `adm`. */
                kind: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kind": "adm",
                 *       "clientId": "amzn1.application-oa2-client.0123456789abcdef",
                 *       "clientSecret": "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description The push service, as in the path.
                     * @constant
                     */
                    kind: "fcm";
                    /** @description The service account file, as downloaded. */
                    serviceAccount: {
                        /**
                         * @description Always `service_account`.
                         * @constant
                         */
                        type: "service_account";
                        /** @description The id of the Firebase project. */
                        project_id: string;
                        /** @description The id of the key. */
                        private_key_id: string;
                        /** @description The key itself, in PEM. */
                        private_key: string;
                        /** @description The account that sends. */
                        client_email: string;
                        /** @description The URL for access tokens: one of Google’s unless `endpoint` is set. `http:` and private addresses are allowed only where they are for `endpoint`. */
                        token_uri: string;
                    } & {
                        [key: string]: unknown;
                    };
                    /** @description A base URL to use instead of the service’s own, for tests and proxies; null uses the service’s own. */
                    endpoint?: string | null;
                } | {
                    /**
                     * @description The push service, as in the path.
                     * @constant
                     */
                    kind: "apns";
                    /**
                     * @description The environment of tokens for which it is unknown.
                     * @enum {string}
                     */
                    environment: "production" | "sandbox";
                    /** @description A base URL to use instead of the service’s own, for tests and proxies; null uses the service’s own. */
                    endpoint?: (string | {
                        /** @description The base URL for tokens of release builds. */
                        production: string;
                        /** @description The base URL for tokens of development builds. */
                        sandbox: string;
                    }) | null;
                    /** @description The text of the key file (.p8). */
                    key: string;
                    /** @description The id of the key, 10 characters. */
                    keyId: string;
                    /** @description The id of the developer team, 10 characters. */
                    teamId: string;
                    /** @description The bundle id of the app; by default that of the certificate. */
                    topic: string;
                } | {
                    /**
                     * @description The push service, as in the path.
                     * @constant
                     */
                    kind: "apns";
                    /**
                     * @description The environment of tokens for which it is unknown.
                     * @enum {string}
                     */
                    environment: "production" | "sandbox";
                    /** @description A base URL to use instead of the service’s own, for tests and proxies; null uses the service’s own. */
                    endpoint?: (string | {
                        /** @description The base URL for tokens of release builds. */
                        production: string;
                        /** @description The base URL for tokens of development builds. */
                        sandbox: string;
                    }) | null;
                    /** @description The certificate file (.p12) in base64, instead of a key; only on Node. */
                    certificate: string;
                    /** @description The password of the certificate file. */
                    passphrase: string;
                    /** @description The bundle id of the app; by default that of the certificate. */
                    topic?: string | null;
                } | {
                    /**
                     * @description The push service, as in the path.
                     * @constant
                     */
                    kind: "webpush";
                    /** @description The contact sent to push services: a mailto: or https: address; by default the app’s own. */
                    subject?: string | null;
                    /** @description A base URL to use instead of the service’s own, for tests and proxies; null uses the service’s own. */
                    endpoint?: null;
                } | {
                    /**
                     * @description The push service, as in the path.
                     * @constant
                     */
                    kind: "wns";
                    /** @description The package SID of the app. */
                    packageSid: string;
                    /** @description The secret of the client. */
                    clientSecret: string;
                    /** @description A base URL to use instead of the service’s own, for tests and proxies; null uses the service’s own. */
                    endpoint?: string | null;
                } | {
                    /**
                     * @description The push service, as in the path.
                     * @constant
                     */
                    kind: "hms";
                    /** @description The id of the app. */
                    appId: string;
                    /** @description The secret of the client. */
                    clientSecret: string;
                    /** @description A base URL to use instead of the service’s own, for tests and proxies; null uses the service’s own. */
                    endpoint?: string | null;
                } | {
                    /**
                     * @description The push service, as in the path.
                     * @constant
                     */
                    kind: "adm";
                    /** @description The id of the client. */
                    clientId: string;
                    /** @description The secret of the client. */
                    clientSecret: string;
                    /** @description A base URL to use instead of the service’s own, for tests and proxies; null uses the service’s own. */
                    endpoint?: string | null;
                };
            };
        };
        responses: {
            /** @description The provider, which replaced the previous one. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            /** @description The provider, newly created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteProvider: {
        parameters: {
            query?: {
                /** @description Changes nothing; the answer is 200 with what would be deleted. */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The push service: `fcm`, `apns`, `webpush`, `wns`, `hms` or `adm`. */
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With `dryRun`: what would be deleted. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Would"];
                };
            };
            /** @description The provider is deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    probeProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The push service: `fcm`, `apns`, `webpush`, `wns`, `hms` or `adm`. */
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider, with the result. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listDevices: {
        parameters: {
            query?: {
                /** @description Only devices of this dialect. */
                dialect?: "pusher-beams" | "mobilefirst" | "flameup" | "pushwoosh" | "backendless";
                /** @description Only devices of this platform. */
                platform?: "ios" | "android" | "macos" | "windows" | "web" | "amazon" | "huawei" | "email" | "sms" | "whatsapp";
                /** @description Only devices with a token of this push service. */
                provider?: "apns" | "fcm" | "webpush" | "wns" | "adm" | "hms" | "email" | "sms" | "whatsapp" | "other";
                /** @description Only devices that have this topic. Exact match, up to 1,000 characters. */
                topic?: string;
                /** @description Only devices of this user. Exact match, up to 1,000 characters. */
                user?: string;
                /** @description Only devices with this push token, in any notation; up to 10,000 characters. */
                token?: string;
                /** @description Only the devices with this id in their dialect. Exact match, up to 10,000 characters. */
                externalId?: string;
                /** @description A search text: the id of a device in the gateway or in its dialect, its user or its push token. Up to 10,000 characters. */
                q?: string;
                /** @description Only devices that have a tag of this name or, as `name=value`, with this value. Up to 1,000 characters. */
                tag?: string;
                /** @description Only devices of this model. Exact match, up to 1,000 characters. */
                model?: string;
                /** @description Only devices with this version of the app. Exact match, up to 1,000 characters. */
                appVersion?: string;
                /** @description `true`: only devices that a message would reach, as far as is known; `false`: only the others. */
                active?: boolean;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of devices. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DevicePage"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The device’s id in the gateway. */
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The device. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Device"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrDeviceUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteDevice: {
        parameters: {
            query?: {
                /** @description Changes nothing; the answer is 200 with what would be deleted. */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The device’s id in the gateway. */
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With `dryRun`: what would be deleted. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Would"];
                };
            };
            /** @description The device is deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrDeviceUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listDeviceEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The device’s id in the gateway. */
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last 100 events; an empty list if the device is unknown. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listInstallations: {
        parameters: {
            query?: {
                /** @description Only devices of this dialect. */
                dialect?: "pusher-beams" | "mobilefirst" | "flameup" | "pushwoosh" | "backendless";
                /** @description Only devices of this platform. */
                platform?: "ios" | "android" | "macos" | "windows" | "web" | "amazon" | "huawei" | "email" | "sms" | "whatsapp";
                /** @description Only devices with a token of this push service. */
                provider?: "apns" | "fcm" | "webpush" | "wns" | "adm" | "hms" | "email" | "sms" | "whatsapp" | "other";
                /** @description Only devices that have this topic. Exact match, up to 1,000 characters. */
                topic?: string;
                /** @description Only devices of this user. Exact match, up to 1,000 characters. */
                user?: string;
                /** @description Only devices with this push token, in any notation; up to 10,000 characters. */
                token?: string;
                /** @description Only the devices with this id in their dialect. Exact match, up to 10,000 characters. */
                externalId?: string;
                /** @description A search text: the id of a device in the gateway or in its dialect, its user or its push token. Up to 10,000 characters. */
                q?: string;
                /** @description Only devices that have a tag of this name or, as `name=value`, with this value. Up to 1,000 characters. */
                tag?: string;
                /** @description Only devices of this model. Exact match, up to 1,000 characters. */
                model?: string;
                /** @description Only devices with this version of the app. Exact match, up to 1,000 characters. */
                appVersion?: string;
                /** @description `true`: only devices that a message would reach, as far as is known; `false`: only the others. */
                active?: boolean;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of installations. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstallationPage"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getInstallation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The installation’s id. */
                installation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The installation. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Installation"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Where to begin: an unchanged `next` or `cursor`, `start`, or `latest` for new events only. The default is `start`. */
                after?: string;
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
                /** @description How many seconds to wait if there is no event yet, up to 25. If 100 other calls are waiting, the answer comes at once. */
                wait?: number;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the feed. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedPage"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUser: {
        parameters: {
            query?: {
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The user’s id, as devices name it. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everything stored about the user. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    eraseUser: {
        parameters: {
            query?: {
                /** @description Changes nothing; the answer is 200 with what would be deleted. */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The user’s id, as devices name it. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With `dryRun`: what would be deleted; every count is 0 if nothing is stored. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Would"];
                };
            };
            /** @description The user is erased. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listImports: {
        parameters: {
            query?: {
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of imports. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportPage"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    createImport: {
        parameters: {
            query?: {
                /**
                 * @description The format of the file; docs/import.md describes each.
                 * @example csv
                 */
                format?: "ndjson" | "csv" | "mobilefirst-json" | "flameup-json" | "pushwoosh-csv" | "backendless-csv" | "onesignal-csv" | "parse-json" | "sns-csv" | "ups-json" | "airship-json" | "azure-xml";
                /**
                 * @description The dialect of the devices. Required for `csv` and for files of vendors whose API Pushport does not speak; other formats imply it.
                 * @example pusher-beams
                 */
                dialect?: "pusher-beams" | "mobilefirst" | "flameup" | "pushwoosh" | "backendless";
                /** @description Checks every row and counts the results, but changes nothing. */
                dryRun?: boolean;
                /** @description The APNs environment of the tokens, which the file does not tell. */
                environment?: "production" | "sandbox" | "unknown";
                /** @description When the data was exported. By default, everything that devices report themselves counts as newer. */
                exportedAt?: string;
                /**
                 * @description For `csv`: a JSON object with the column for each member.
                 * @example {"externalId":"id","token":"push_token","platform":"os"}
                 */
                mapping?: string;
                /** @description The character between columns; detected from the header by default. */
                delimiter?: "," | ";" | "\t" | "tab" | "|";
                /** @description The character encoding of the file; a byte order mark takes precedence. */
                encoding?: "auto" | "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
                /** @description The platform of all rows, for files that do not contain it. */
                platform?: "ios" | "android" | "macos" | "windows" | "web" | "amazon" | "huawei" | "email" | "sms" | "whatsapp";
                /** @description Imports only the rows of this app at the vendor. */
                sourceApp?: string;
                /** @description Whether a `csv` file begins with a header; if not, its columns are named `1`, `2` and so on. */
                header?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        /** @description The file, as exported by the vendor. */
        requestBody: {
            content: {
                /**
                 * @example id,push_token,os
                 *     a1b2c3,fcm-token-of-a1b2c3:APA91b_0123456789abcdef,android
                 */
                "*/*": string;
            };
        };
        responses: {
            /** @description The file is stored and the import is queued. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description The URL of the import. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportQueued"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The import’s id. */
                import: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The import, with the results so far. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The import’s id. */
                import: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The import is stopped or deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listImportErrors: {
        parameters: {
            query?: {
                /** @description Includes rows that were imported with warnings. */
                warnings?: boolean;
                /** @description Includes the original record, with tokens masked. */
                raw?: boolean;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The import’s id. */
                import: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["ImportError"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    exportDevices: {
        parameters: {
            query?: {
                /** @description The format. `ndjson` and `csv` are complete and can be imported again; docs/export.md describes each format. */
                format?: "ndjson" | "csv" | "onesignal-ndjson" | "braze-ndjson" | "parse-json" | "sns-csv" | "posthog-csv";
                /** @description Only devices of this dialect. */
                dialect?: "pusher-beams" | "mobilefirst" | "flameup" | "pushwoosh" | "backendless";
                /** @description Only devices of this platform. */
                platform?: "ios" | "android" | "macos" | "windows" | "web" | "amazon" | "huawei" | "email" | "sms" | "whatsapp";
                /** @description Only devices with a token of this push service. */
                provider?: "apns" | "fcm" | "webpush" | "wns" | "adm" | "hms" | "email" | "sms" | "whatsapp" | "other";
                /** @description `true`: only devices that a message would reach, as far as is known; `false`: only the others. */
                active?: boolean;
                /** @description `safe`: puts an apostrophe before cells that a spreadsheet would read as a formula. Such a file cannot be imported again. */
                excel?: "safe";
                /** @description For `ndjson`: the `id` of the last device received; the export continues after it. */
                cursor?: string;
                /** @description For Braze: the id of the Android app there. */
                androidAppId?: string;
                /** @description For Braze: the id of the iOS app there. */
                iosAppId?: string;
                /** @description For Braze: the id of the website there. */
                webAppId?: string;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The devices; with `ndjson`, one per line, between a header line and a final line. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description The suggested file name. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["ExportHead"] | components["schemas"]["ExportedDevice"] | components["schemas"]["ExportEnd"] | components["schemas"]["ExportedUser"] | components["schemas"]["ExportedAttributes"];
                    "text/csv": string;
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
                /** @description Only messages in this state. */
                state?: "scheduled" | "planning" | "sending" | "done" | "cancelled" | "expired";
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of messages. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    sendMessage: {
        parameters: {
            query?: {
                /** @description The same as `dryRun` in the body. */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": {
                 *         "default": "Your order",
                 *         "de": "Ihre Bestellung"
                 *       },
                 *       "body": "It has been shipped.",
                 *       "data": {
                 *         "order": "7"
                 *       },
                 *       "ttl": 86400,
                 *       "audience": {
                 *         "users": [
                 *           "ann"
                 *         ]
                 *       },
                 *       "idempotencyKey": "order-7-shipped"
                 *     }
                 */
                "application/json": {
                    /** @description The title: one text, or an object with a `default` text and texts by language tag; up to 10,000 characters each. */
                    title?: string | {
                        [key: string]: string;
                    };
                    /** @description The line below the title, in the form of `title`. */
                    subtitle?: string | {
                        [key: string]: string;
                    };
                    /** @description The text, in the form of `title`. */
                    body?: string | {
                        [key: string]: string;
                    };
                    /** @description The icon: a URL, or the name of a resource in the app. */
                    icon?: string;
                    /** @description The URL of a large picture. */
                    image?: string;
                    /** @description The accent color, `#RRGGBB` or `#AARRGGBB`. */
                    color?: string;
                    /** @description The name of a sound in the app, or `default`. */
                    sound?: string;
                    /** @description The number on the app icon, or a change of it such as `+1`. */
                    badge?: number | string;
                    /** @description The URL that a tap opens. */
                    link?: string;
                    /** @description Data for the app. Members that a push service does not accept are removed and listed as `ignored`. */
                    data?: {
                        [key: string]: unknown;
                    };
                    /** @description Wakes the app without showing a notification. */
                    silent?: boolean;
                    /** @description For how many seconds push services try to deliver it; 28 days by default. */
                    ttl?: number;
                    /**
                     * @description The priority. The default is `high`, and `normal` for silent messages.
                     * @enum {string}
                     */
                    priority?: "high" | "normal";
                    /** @description Messages with the same key replace each other. */
                    collapseKey?: string;
                    /** @description The category, with which the app defines the action buttons. */
                    category?: string;
                    /** @description The notification channel on Android. */
                    channel?: string;
                    /** @description Messages with the same group are shown together. */
                    group?: string;
                    /** @description Merged into the payload of each push service (RFC 7396). Only what the SDK on the phone needs takes precedence. */
                    overrides?: {
                        /** @description Merged into FCM’s `message`. */
                        fcm?: {
                            [key: string]: unknown;
                        };
                        /** @description Merged into APNs’ payload. */
                        apns?: {
                            [key: string]: unknown;
                        };
                        /** @description Merged into the payload that the service worker reads. */
                        webpush?: {
                            [key: string]: unknown;
                        };
                        /** @description Merged into the payload for Windows. */
                        wns?: {
                            [key: string]: unknown;
                        };
                    };
                    /** @description The recipients: exactly one of the lists or `all`, or only a filter. */
                    audience: {
                        /**
                         * @description All devices of the app.
                         * @constant
                         */
                        all?: true;
                        /** @description Subscribers of any of these topics, up to 1,000. */
                        topics?: string[];
                        /** @description The devices of these users, up to 1,000. */
                        users?: string[];
                        /** @description These devices, up to 1,000, by their ids in the dialect (`externalId`). */
                        devices?: string[];
                        /** @description The phones with these push tokens, up to 1,000, in any notation. */
                        tokens?: string[];
                        /** @description Only these platforms. */
                        platforms?: ("ios" | "android" | "macos" | "windows" | "web" | "amazon" | "huawei" | "email" | "sms" | "whatsapp")[];
                        /** @description Only devices that match: `{"tag", "in": […]}`, `{"tag", "from"?, "to"?, "by"?: "version"}`, `{"tag", "set"}`, `{"topic"}` or `{"platforms": […]}`, combined with `{"all": […]}`, `{"any": […]}` and `{"not"}`; up to 200 conditions. `{"daysAgo": 7}` stands for the start of that day in UTC. */
                        filter?: {
                            [key: string]: unknown;
                        };
                    };
                    /** @description When it is sent; immediately by default. */
                    schedule?: {
                        /** @description The time: ISO 8601 with an offset or Z, or with neither if `localTime` is set. A time in the past means now. */
                        at?: string;
                        /** @description Whether `at` is in the time zone of each phone; UTC if its time zone is unknown. */
                        localTime?: boolean;
                        /** @description The number of seconds between repeats. The audience is determined anew each time. */
                        every?: number;
                        /**
                         * Format: date-time
                         * @description The time after which it is not repeated.
                         */
                        until?: string;
                    };
                    /** @description Only devices of this dialect. */
                    envelope?: string;
                    /** @description For seven days, a call with the same key and body returns the same message; with another body it is a conflict. */
                    idempotencyKey?: string;
                    /**
                     * @description Sends and stores nothing; the answer is 200 with the audience and the payloads.
                     * @default false
                     */
                    dryRun?: boolean;
                };
            };
        };
        responses: {
            /** @description With `dryRun`: the audience and the payloads. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rehearsal"];
                };
            };
            /** @description The message. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description The URL of the message. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The message’s id in the gateway. */
                message: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message, with its counts. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageReport"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelMessage: {
        parameters: {
            query?: {
                /** @description Changes nothing; the answer is 200 with what would be deleted. */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The message’s id in the gateway. */
                message: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With `dryRun`: what would be cancelled. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Would"];
                };
            };
            /** @description The message is cancelled. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listMessageFailures: {
        parameters: {
            query?: {
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The message’s id in the gateway. */
                message: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of failures. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailurePage"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getMirrorSummary: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description A dialect that the app speaks. */
                dialect: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts, and the differences between both sides. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MirrorSummary"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listMirrorDiffs: {
        parameters: {
            query?: {
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
                /** @description Only calls of this route, by its name in the summary; 1 to 200 characters. */
                route?: string;
                /** @description Only calls with this signature. */
                signature?: string;
                /** @description Only calls of this severity. */
                severity?: "major" | "minor" | "info";
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description A dialect that the app speaks. */
                dialect: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of calls. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MirrorDiffPage"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    judgeMirrorSignature: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description A dialect that the app speaks. */
                dialect: string;
                /** @description The signature of equal differences. */
                signature: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "accepted": true,
                 *       "note": "No client of ours reads this member."
                 *     }
                 */
                "application/json": {
                    /** @description Whether the difference is acceptable. */
                    accepted: boolean;
                    /** @description The reason, up to 500 characters. */
                    note?: string | null;
                };
            };
        };
        responses: {
            /** @description The signature. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MirrorSignature"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getReadiness: {
        parameters: {
            query?: {
                /** @description Only this dialect. */
                dialect?: string;
                /** @description Only calls after this time count. The default is when the mode and the URL of the mirror were set; without a mirror, the first import; without imports, when the dialect was added to the app. */
                since?: string;
                /** @description A device is active if it was used within this many days before its export. */
                activeDays?: number;
                /** @description Shares of the active devices for which to estimate a date: up to 10 numbers between 0 and 1, separated by commas. */
                targets?: string;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The readiness; without `dialect`, a list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"] | components["schemas"]["ReadinessList"];
                };
            };
            /** @description A large app is being counted for the first time: call again later. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description The number of seconds to wait. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessCounting"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getReadinessCurves: {
        parameters: {
            query?: {
                /** @description The dialect. */
                dialect?: string;
                /** @description Only calls after this time count. The default is when the mode and the URL of the mirror were set; without a mirror, the first import; without imports, when the dialect was added to the app. */
                since?: string;
                /** @description A device is active if it was used within this many days before its export. */
                activeDays?: number;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The curves. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessCurves"];
                };
            };
            /** @description A large app is being counted for the first time: call again later. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description The number of seconds to wait. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessCounting"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    signReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "dialect": "pusher-beams",
                 *       "activeDays": 30,
                 *       "note": "The contract ends in March."
                 *     }
                 */
                "application/json": {
                    /** @description The dialect. */
                    dialect: string;
                    /** @description As in `getReadiness`. */
                    since?: string;
                    /**
                     * @description As in `getReadiness`.
                     * @default 30
                     */
                    activeDays?: number;
                    /** @description The reason, up to 2,000 characters. */
                    note?: string;
                };
            };
        };
        responses: {
            /** @description The record. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessRecord"];
                };
            };
            /** @description A large app is being counted for the first time: call again later. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description The number of seconds to wait. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessCounting"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listReadinessRecords: {
        parameters: {
            query?: {
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessRecordPage"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getReadinessRecord: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The record’s id. */
                record: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessRecord"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    printReadinessRecord: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The record’s id. */
                record: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An HTML page without scripts. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    undoImport: {
        parameters: {
            query?: {
                /** @description Changes nothing; the answer has what would be undone. */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The import’s id. */
                import: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was undone, or would be. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Undo"];
                };
            };
            /** @description The undo continues in the background; get its progress by its id. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Undo"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listUndos: {
        parameters: {
            query?: {
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of undos. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndoPage"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    undoEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "from": "2026-11-25T09:00:00.000Z",
                 *       "until": "2026-11-25T10:00:00.000Z",
                 *       "dryRun": true
                 *     }
                 */
                "application/json": {
                    /** @description Only events with this cause: a request id, or `import` and the id of an import. */
                    cause?: string;
                    /**
                     * @description Only events of this kind.
                     * @enum {string}
                     */
                    kind?: "registered" | "attached" | "rotated" | "userChanged" | "profileChanged" | "subscribed" | "unsubscribed" | "unregistered" | "expired" | "superseded" | "forgotten" | "deactivated" | "tokenChanged" | "detached" | "renamed" | "dead" | "tagsChanged" | "topicRemoved" | "erased" | "gone" | "imported" | "adopted" | "undone";
                    /**
                     * Format: date-time
                     * @description Only events at or after this time.
                     */
                    from?: string;
                    /**
                     * Format: date-time
                     * @description Only events up to this time; now by default.
                     */
                    until?: string;
                    /**
                     * @description Changes nothing; the answer has what would be undone.
                     * @default false
                     */
                    dryRun?: boolean;
                    /**
                     * @description Undoes events even if the phones have since called with the tokens.
                     * @default false
                     */
                    force?: boolean;
                };
            };
        };
        responses: {
            /** @description What was undone, or would be. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Undo"];
                };
            };
            /** @description The undo continues in the background; get its progress by its id. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Undo"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUndo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The undo’s id. */
                undo: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The undo. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Undo"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    undoEvent: {
        parameters: {
            query?: {
                /** @description Changes nothing; the answer has what would be undone. */
                dryRun?: boolean;
                /** @description Undoes the event even if the phone has since called with the token. */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The event’s id, from the history of its device. */
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result; with `dryRun`, the expected result. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndoneEvent"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listTopics: {
        parameters: {
            query?: {
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of topics. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TopicPage"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listReceipts: {
        parameters: {
            query?: {
                /** @description Only reports of this device, by its id in the gateway; up to 1,000 characters. */
                device?: string;
                /** @description Only reports about this message; up to 1,000 characters. */
                message?: string;
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of reports. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptPage"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getStats: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The totals, and the registrations of the last 30 days. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    reportFeedback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "rows": [
                 *         {
                 *           "token": "fcm-token-of-a1b2c3:APA91b_0123456789abcdef",
                 *           "provider": "fcm",
                 *           "outcome": "dead",
                 *           "at": "2026-11-25T09:30:00.000Z",
                 *           "reason": "UNREGISTERED"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description The push token, 1 to 8,192 characters. Give either it or `device`. */
                    token?: string;
                    /** @description The device’s id in the gateway, 1 to 200 characters. */
                    device?: string;
                    /**
                     * @description The push service of the token; by default the token is looked up under every push service.
                     * @enum {string}
                     */
                    provider?: "apns" | "fcm" | "webpush" | "wns" | "adm" | "hms" | "email" | "sms" | "whatsapp" | "other";
                    /**
                     * @description `dead` if the push service permanently refused the token, `delivered` if the message arrived.
                     * @enum {string}
                     */
                    outcome: "dead" | "delivered";
                    /**
                     * Format: date-time
                     * @description The time from the push service, ISO 8601 with an offset or Z; now by default.
                     */
                    at?: string;
                    /** @description The reason from the push service, up to 500 characters. */
                    reason?: string;
                }[] | {
                    /** @description Up to 1,000 rows. */
                    rows: {
                        /** @description The push token, 1 to 8,192 characters. Give either it or `device`. */
                        token?: string;
                        /** @description The device’s id in the gateway, 1 to 200 characters. */
                        device?: string;
                        /**
                         * @description The push service of the token; by default the token is looked up under every push service.
                         * @enum {string}
                         */
                        provider?: "apns" | "fcm" | "webpush" | "wns" | "adm" | "hms" | "email" | "sms" | "whatsapp" | "other";
                        /**
                         * @description `dead` if the push service permanently refused the token, `delivered` if the message arrived.
                         * @enum {string}
                         */
                        outcome: "dead" | "delivered";
                        /**
                         * Format: date-time
                         * @description The time from the push service, ISO 8601 with an offset or Z; now by default.
                         */
                        at?: string;
                        /** @description The reason from the push service, up to 500 characters. */
                        reason?: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description The number of rows by result. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackCounts"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listRefusals: {
        parameters: {
            query?: {
                /** @description Only refusals of this app, by its id; 1 to 200 characters. */
                app?: string;
                /** @description Only refusals of this dialect. */
                dialect?: "pusher-beams" | "mobilefirst" | "flameup" | "pushwoosh" | "backendless";
                /** @description The maximum number of items, from 1 to 1000. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The refusals. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefusalList"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All webhooks. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "crm",
                 *       "url": "https://crm.example.com/pushport",
                 *       "events": [
                 *         "registered",
                 *         "userChanged",
                 *         "dead"
                 *       ],
                 *       "after": "latest"
                 *     }
                 */
                "application/json": {
                    /** @description The name for operators: 1 to 200 characters, unique in the app. */
                    name: string;
                    /** @description The URL that is called: `http:` or `https:`, up to 1,000 characters, without a user name. Private addresses are refused unless `ALLOW_PRIVATE_TARGETS` is on. */
                    url: string;
                    /** @description The kinds of events to send; null sends all. */
                    events?: ("registered" | "attached" | "rotated" | "userChanged" | "profileChanged" | "subscribed" | "unsubscribed" | "unregistered" | "expired" | "superseded" | "forgotten" | "deactivated" | "tokenChanged" | "detached" | "renamed" | "dead" | "tagsChanged" | "topicRemoved" | "erased" | "gone" | "imported" | "adopted" | "undone")[] | null;
                    /** @description The secret that signs the calls: `whsec_` and the base64 of 24 to 64 bytes; generated by default. */
                    secret?: string;
                    /** @description Where to begin: the `cursor` of an event, `start` for all stored events, or `latest` for new events only. The default is `latest`. */
                    after?: ("start" | "latest") | string;
                };
            };
        };
        responses: {
            /** @description The webhook, with its secret. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevealedFeedWebhook"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            409: components["responses"]["ConflictOrLimit"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    revealWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The webhook’s id. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook, with the secret that signs its calls. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevealedFeedWebhook"] | components["schemas"]["RevealedWebhook"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The webhook’s id. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook is deleted; a call in progress still arrives. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The webhook’s id. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "events": null,
                 *       "paused": true
                 *     }
                 */
                "application/json": {
                    /** @description The URL that is called: `http:` or `https:`, up to 1,000 characters, without a user name. Private addresses are refused unless `ALLOW_PRIVATE_TARGETS` is on. */
                    url?: string;
                    /** @description The kinds of events to send; null sends all. */
                    events?: ("registered" | "attached" | "rotated" | "userChanged" | "profileChanged" | "subscribed" | "unsubscribed" | "unregistered" | "expired" | "superseded" | "forgotten" | "deactivated" | "tokenChanged" | "detached" | "renamed" | "dead" | "tagsChanged" | "topicRemoved" | "erased" | "gone" | "imported" | "adopted" | "undone")[] | null;
                    /** @description `true` stops the calls; `false` resumes them where they stopped, whatever the reason. */
                    paused?: boolean;
                };
            };
        };
        responses: {
            /** @description The changed webhook. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedWebhook"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    replayWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The webhook’s id. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "since": "2026-11-25T09:00:00.000Z"
                 *     }
                 */
                "application/json": {
                    /** @description Where to begin: the `cursor` of an event, `start` for all stored events, or `latest` for new events only. */
                    after?: ("start" | "latest") | string;
                    /**
                     * Format: date-time
                     * @description Instead of `after`: replays the stored events at or after this time.
                     */
                    since?: string;
                };
            };
        };
        responses: {
            /** @description The changed webhook. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedWebhook"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
                /** @description Deliveries that will be retried (`waiting`) or will not (`dead`). */
                state?: "waiting" | "dead";
            };
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The webhook’s id. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    replayDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app’s id. */
                app: string;
                /** @description The webhook’s id. */
                webhook: string;
                /** @description The delivery’s id. */
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery is queued again. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknownOrNotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description The maximum number of items, from 1 to 100. */
                limit?: number;
                /** @description The `nextCursor` of the previous page, unchanged. By default, the first page is returned. */
                cursor?: string;
                /** @description Only changes of this app, by its id; 1 to 200 characters. */
                app?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the audit log. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    startBackup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The backup, in progress. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description The URL of the backup. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backup"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getBackup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The backup’s id. */
                backup: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The backup. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backup"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteBackup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The backup’s id. */
                backup: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The backup is deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    readBackup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The backup’s id. */
                backup: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.sqlite3": string;
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getActivity: {
        parameters: {
            query?: {
                /** @description Counts only this app, by its id; 1 to 200 characters. By default, all apps together. */
                app?: string;
                /** @description The number of hours, including the current one. */
                hours?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityReport"];
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["AppUnknown"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    watchLive: {
        parameters: {
            query?: {
                /** @description Only events of this app, by its id; 1 to 200 characters. */
                app?: string;
                /** @description Only events of this dialect. */
                dialect?: "pusher-beams" | "mobilefirst" | "flameup" | "pushwoosh" | "backendless";
                /** @description Only events of this kind: `registered`, `refreshed` or `refused`. */
                kind?: "registered" | "refreshed" | "refused";
                /** @description The id of the last event received. By default, only new events are sent. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadPathOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    whoAmI: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The name and the role of the token or session. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whoami"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All tokens, without their secrets. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "ann",
                 *       "role": "read"
                 *     }
                 */
                "application/json": {
                    /** @description The name of its owner: 1 to 100 characters, unique among the tokens. */
                    name: string;
                    /**
                     * @description The role: `read`, `operate` or `admin`.
                     * @enum {string}
                     */
                    role: "read" | "operate" | "admin";
                };
            };
        };
        responses: {
            /** @description The token with its secret, which is not shown again. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorKey"];
                };
            };
            400: components["responses"]["BadPathOrBadBodyOrInvalid"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["ConflictOrLimit"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["BadMediaType"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The token’s id. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token is revoked. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest 500 sessions. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    revokeSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session’s id. */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has ended. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    createLoginLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginLink"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version, the URL and the database of the gateway. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    getKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The progress of the rotation. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyState"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
    rotateKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rotation has started. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyState"];
                };
            };
            400: components["responses"]["BadPath"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["RateLimited"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["Unavailable"];
        };
    };
}
