// Generated from the OpenAPI document by `npx vitest run test/clients -u`.
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process is alive */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process can do its work */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics in the text format of Prometheus */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A webhook of a payment provider
         * @description What becomes of it is in docs/payments.md.
         */
        post: operations["receiveVendorWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/apps/{app}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An event that an app has signed as a Standard Webhook
         * @description The `svix-*` names of the three headers are taken too. docs/sending.md shows how to sign.
         */
        post: operations["receiveAppWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events, newest first */
        get: operations["listEvents"];
        put?: never;
        /**
         * Post an event
         * @description The key’s name is the app. Without `Idempotency-Key` and `id`, each POST is a new event.
         */
        post: operations["postEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/receipts/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A report of a provider, with receipts
         * @description Verified by the provider’s own scheme over the raw request (docs/providers.md).
         */
        get: operations["reportByGet"];
        /**
         * A report of a provider, with receipts
         * @description Verified by the provider’s own scheme over the raw request (docs/providers.md).
         */
        put: operations["reportByPut"];
        /**
         * A report of a provider, with receipts
         * @description Verified by the provider’s own scheme over the raw request (docs/providers.md).
         */
        post: operations["report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/inbound/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A text message from a person: STOP, START, HELP
         * @description Verified by the provider’s own scheme over the raw request (docs/providers.md).
         */
        post: operations["receiveText"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/unsubscribe/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The page behind the link in a message */
        get: operations["showUnsubscribePage"];
        put?: never;
        /** Unsubscribe in one click (RFC 8058), or the form of the page */
        post: operations["unsubscribe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Notifications, newest first */
        get: operations["listNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One notification with its attempts, receipts and timeline */
        get: operations["getNotification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One event with its raw body, its notifications and its omissions */
        get: operations["getEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Explain what an event would do; nothing is stored or sent */
        post: operations["explainEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retry a notification that failed, bounced or is unconfirmed */
        post: operations["retryNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a notification that has not been sent */
        post: operations["cancelNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{id}/settle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Record whether an unconfirmed notification was sent */
        post: operations["settleNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cancellations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel every matching notification that has not been sent */
        post: operations["cancelNotifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/settlements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Record of every matching unconfirmed notification whether it was sent */
        post: operations["settleNotifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replay an event and send what was not sent */
        post: operations["replayEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The replays of windows, newest first */
        get: operations["listReplays"];
        put?: never;
        /** Replay a window of events, or answer the plan only */
        post: operations["createReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The progress of a replay */
        get: operations["getReplay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The queues and how many jobs wait in each */
        get: operations["listQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The providers of each route in order, with their health, rate and latest changes */
        get: operations["listProviders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/providers/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make no calls to this provider until it is resumed */
        post: operations["pauseProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/providers/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the pause of this provider */
        post: operations["resumeProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The schedules, with their last run, its result and their next run */
        get: operations["listSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{name}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run a schedule now, in addition to its regular runs */
        post: operations["runSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/suppressions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Suppressed addresses, newest first */
        get: operations["listSuppressions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/suppressions/{channel}/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why an address is suppressed */
        get: operations["getSuppression"];
        /** Suppress an address */
        put: operations["putSuppression"];
        post?: never;
        /** Remove the suppression of an address */
        delete: operations["removeSuppression"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/preferences/{recipientId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The preferences of a recipient */
        get: operations["getPreferences"];
        /** Opt a recipient in or out; channels that are not named keep their setting */
        put: operations["setPreferences"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recipients/{key}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that is stored about a person; the access is recorded */
        get: operations["exportRecipient"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recipients/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Cancel what waits for a person, and erase them; audit rows stay without them */
        delete: operations["eraseRecipient"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The notifiers, with their schemas and samples */
        get: operations["listNotifiers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifiers/{name}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Preview a notifier’s message, rendered with its sample */
        get: operations["previewNotifier"];
        put?: never;
        /** Preview a notifier’s message, rendered with the given data; nothing is stored or sent */
        post: operations["previewData"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifiers/{name}/copy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The locales of a notifier, and which copy counts in each */
        get: operations["listCopy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifiers/{name}/copy/{locale}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The copy of a notifier for a locale: built-in, published and draft */
        get: operations["getCopy"];
        /** Save a draft in place of the previous one */
        put: operations["draftCopy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifiers/{name}/copy/{locale}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publish the draft */
        post: operations["publishCopy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifiers/{name}/copy/{locale}/revert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return to the previous version, or to the built-in copy */
        post: operations["revertCopy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document, for people */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    notification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A notification was sent, delivered, undelivered, failed or suppressed
         * @description Signed as a Standard Webhook with the app’s own secret; sent to its URL in `APP_CALLBACKS` again and again until it is acknowledged (docs/callbacks.md).
         */
        post: operations["onNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payment.timed_out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A payment was not completed in time
         * @description Signed as a Standard Webhook with the app’s own secret; sent to its URL in `APP_CALLBACKS` again and again until it is acknowledged (docs/callbacks.md).
         */
        post: operations["onPaymentTimedOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    schedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A built-in schedule is due
         * @description Signed as a Standard Webhook with the app’s own secret; sent to its URL in `APP_CALLBACKS` again and again until it is acknowledged (docs/callbacks.md).
         */
        post: operations["onSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /**
         * @example {
         *       "id": "0198c0de-0000-7000-8000-000000000000",
         *       "duplicate": false,
         *       "status": "accepted"
         *     }
         */
        Accepted: {
            /** @description Our id of the event; of a duplicate, the first one’s. */
            id: string;
            duplicate: boolean;
            /**
             * @description `ignored`: kept, and no notifier listens to its type.
             * @enum {string}
             */
            status: "accepted" | "ignored";
            /** @description How many waiting notifications of other events it has cancelled. */
            stopped?: number;
            /** @description What the sender may have meant instead, or not expect. */
            hint?: string;
        };
        Alive: {
            /** @constant */
            status: "alive";
        };
        /**
         * @description One call to one provider.
         * @example {
         *       "number": 1,
         *       "round": 1,
         *       "provider": "sandbox",
         *       "cause": "primary",
         *       "why": "It is the first in the route.",
         *       "outcome": "accepted",
         *       "blame": null,
         *       "statusCode": null,
         *       "errorCode": null,
         *       "error": null,
         *       "providerMessageId": "sandbox-1",
         *       "startedAt": "2026-11-24T10:00:00.800Z",
         *       "latencyMs": 12
         *     }
         */
        Attempt: {
            number: number;
            /** @description The round along the route; waits are between rounds. */
            round: number;
            provider: string;
            /** @description Why this call was made: a code of docs/reasons.md. */
            cause: string;
            why: string;
            /** @description Null while the call is open. */
            outcome: ("accepted" | "rejected" | "deferred" | "unknown") | null;
            /** @description Of a rejection: `message` is hopeless everywhere, `provider` means that this provider cannot. */
            blame: ("message" | "provider") | null;
            statusCode: number | null;
            errorCode: string | null;
            error: string | null;
            providerMessageId: string | null;
            /** Format: date-time */
            startedAt: string;
            latencyMs: number | null;
        };
        Cancellation: {
            notifier?: string;
            reference?: string;
            /** @description Our type, or the source’s own. */
            eventType?: string;
            since?: string;
            until?: string;
            /** @default false */
            dryRun?: boolean;
        };
        Cancelled: {
            matched: number;
            cancelled: number;
            /** @description Timers of the matching events that were stopped, or would be; 0 where a notifier is named. */
            timers: number;
            /** @description Matching events that are not planned to their end. What they have yet to make is cancelled as it is made, or would be. */
            planning: number;
            dryRun: boolean;
        };
        /**
         * @description `product` messages are sent until the person opts out.
         * @enum {string}
         */
        Category: "transactional" | "product";
        /**
         * @description How a message travels; an app gets callbacks.
         * @enum {string}
         */
        Channel: "email" | "sms" | "callback";
        ContentPublishedData: {
            courseTitle: string & (unknown & unknown);
            contentTitle: string & (unknown & unknown);
            /** Format: uri */
            url: string;
            contentType?: (string & (unknown & unknown)) | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `new-content` listens to it.
         * @example {
         *       "type": "content.published",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "practical-typography-7",
         *       "data": {
         *         "courseTitle": "Practical Typography",
         *         "contentTitle": "Setting tables that read well",
         *         "contentType": "lesson",
         *         "url": "https://learn.example.com/courses/practical-typography/7"
         *       }
         *     }
         */
        ContentPublishedEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "content.published";
            data: components["schemas"]["ContentPublishedData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "content.published";
        };
        /** @description The wording of a notifier in a locale: built-in, published and draft. */
        Copy: {
            notifier: string;
            locale: string;
            /** @description The built-in messages. English where we have none in this language: a draft must then have all of them. */
            ours: {
                language: string;
                messages: {
                    [key: string]: string;
                };
            };
            /** @description The variables that messages may use, each with its value in the sample. */
            variables: {
                name: string;
                example: string | number | null;
            }[];
            published: components["schemas"]["CopyVersion"] | null;
            draft: components["schemas"]["CopyDraft"] | null;
            /** @description Newest first. */
            versions: components["schemas"]["CopyVersion"][];
        };
        CopyDraft: {
            revision: string;
            messages: {
                [key: string]: string;
            };
            draftedBy: string;
            /** Format: date-time */
            draftedAt: string;
            /** @description Empty when the draft was saved; an upgrade may have added some since. */
            faults: {
                path: string;
                message: string;
            }[];
            /** @description The text, rendered with the sample. */
            sms: {
                text: string;
                encoding: string;
                segments: number;
            } | null;
        };
        /** @description Which wording of a notifier counts in a locale. */
        CopyPlace: {
            locale: string;
            /** @description Whether there are built-in messages of this very locale. */
            builtIn: boolean;
            /** @description The published version. Null for none: the messages of the language count, or the built-in ones. */
            version: number | null;
            hasDraft: boolean;
        };
        CopyPlaceList: {
            data: components["schemas"]["CopyPlace"][];
            nextCursor: null;
        };
        /** @description The copy that a message was rendered from. */
        CopyUsed: {
            locale: string;
            /** @description The version of an operator’s copy; null for the built-in copy. */
            version: number | null;
            /** @description The versions that supplied the messages that this one lacks. */
            rest?: {
                locale: string;
                version: number;
            }[];
        };
        CopyVersion: {
            version: number;
            /** @enum {string} */
            state: "published" | "replaced" | "reverted";
            messages: {
                [key: string]: string;
            };
            draftedBy: string;
            /** Format: date-time */
            draftedAt: string;
            publishedBy: string;
            /** Format: date-time */
            publishedAt: string;
            revertedBy: string | null;
            revertedAt: string | null;
        };
        /** @description Notifications by state. */
        Counts: {
            [key: string]: number;
        };
        DemoAttendedData: {
            courseTitle: string & (unknown & unknown);
            instructor?: (string & (unknown & unknown)) | null;
            enrollUrl?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `demo-follow-up` listens to it.
         * @example {
         *       "type": "demo.attended",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "DEMO-310",
         *       "data": {
         *         "courseTitle": "Practical Typography",
         *         "instructor": "Grace Hopper",
         *         "enrollUrl": "https://learn.example.com/courses/practical-typography/join"
         *       }
         *     }
         */
        DemoAttendedEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "demo.attended";
            data: components["schemas"]["DemoAttendedData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "demo.attended";
        };
        EnrollmentCancelledData: {
            courseTitle: string & (unknown & unknown);
            effectiveDate: string;
            studentName?: (string & (unknown & unknown)) | null;
            refund?: components["schemas"]["Money"] | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `enrollment-cancelled` listens to it.
         * @example {
         *       "type": "enrollment.cancelled",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ENR-2001",
         *       "data": {
         *         "courseTitle": "Practical Typography",
         *         "effectiveDate": "2026-11-30",
         *         "studentName": "Annabella King",
         *         "refund": {
         *           "amount": 18000,
         *           "currency": "gbp"
         *         }
         *       }
         *     }
         */
        EnrollmentCancelledEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "enrollment.cancelled";
            data: components["schemas"]["EnrollmentCancelledData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "enrollment.cancelled";
        };
        EnrollmentCreatedData: {
            courseTitle: string & (unknown & unknown);
            studentName?: (string & (unknown & unknown)) | null;
            startsAt?: (string) | null;
            courseUrl?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `enrollment-confirmation` listens to it.
         * @example {
         *       "type": "enrollment.created",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ENR-2001",
         *       "data": {
         *         "courseTitle": "Practical Typography",
         *         "studentName": "Annabella King",
         *         "startsAt": "2027-01-11T18:00:00Z",
         *         "courseUrl": "https://learn.example.com/courses/practical-typography"
         *       }
         *     }
         */
        EnrollmentCreatedEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "enrollment.created";
            data: components["schemas"]["EnrollmentCreatedData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "enrollment.created";
        };
        /** @description How many rows lost the person. */
        Erased: {
            notifications: number;
            events: number;
            reports: number;
            /** @description Ids and addresses that were written with theirs and that many people share: what is only under these is not theirs. */
            shared?: string[];
        };
        /**
         * @description A verified fact, stored once.
         * @example {
         *       "id": "0198c0dd-0000-7000-8000-000000000000",
         *       "source": "shop",
         *       "sourceId": "shipped-ORD-1001",
         *       "type": "order.shipped",
         *       "sourceType": "order.shipped",
         *       "status": "planned",
         *       "reason": null,
         *       "reference": "ORD-1001",
         *       "livemode": null,
         *       "receivedAt": "2026-11-24T10:00:00.000Z",
         *       "stopped": 0,
         *       "counts": {
         *         "delivered": 1,
         *         "sent": 1
         *       }
         *     }
         */
        Event: {
            /** @description The id of the event; opaque. */
            id: string;
            source: string;
            /** @description The source’s own id, which makes a repeat a duplicate. */
            sourceId: string;
            type: string;
            /** @description The source’s own type. */
            sourceType: string;
            /** @enum {string} */
            status: "accepted" | "planned" | "ignored" | "failed";
            reason: components["schemas"]["Reason"] | null;
            reference: string | null;
            livemode: boolean | null;
            /** Format: date-time */
            receivedAt: string;
            /** @description How many waiting notifications of other events it has cancelled. */
            stopped: number;
            counts: components["schemas"]["Counts"];
        };
        /** @description An event with its body, its notifications and its omissions. */
        EventAudit: {
            /** @description The id of the event; opaque. */
            id: string;
            source: string;
            /** @description The source’s own id, which makes a repeat a duplicate. */
            sourceId: string;
            type: string;
            /** @description The source’s own type. */
            sourceType: string;
            /** @enum {string} */
            status: "accepted" | "planned" | "ignored" | "failed";
            reason: components["schemas"]["Reason"] | null;
            reference: string | null;
            livemode: boolean | null;
            /** Format: date-time */
            receivedAt: string;
            /** @description How many waiting notifications of other events it has cancelled. */
            stopped: number;
            counts: components["schemas"]["Counts"];
            /** @description As it was received. */
            body: string | null;
            /** @description True where `bodyLimit` left some of the body out. */
            bodyIsCut?: boolean;
            /** @description Why the body was removed. */
            bodyReason?: components["schemas"]["Reason"];
            /** @description The first 100. */
            notifications: components["schemas"]["Notification"][];
            /** @description Expected notifications that were not made, and why; the first 100. */
            omissions: components["schemas"]["Omission"][];
            /** @description The number of all omissions. */
            omitted: number;
            timers: components["schemas"]["Timer"][];
        };
        EventList: {
            data: components["schemas"]["Event"][];
            /** @description The `cursor` of the next page; null on the last one. */
            nextCursor: string | null;
        };
        EventReplay: {
            /**
             * @description Also send what was already sent.
             * @default false
             */
            force?: boolean;
            /**
             * @description Answer what it would do and replay nothing.
             * @default false
             */
            dryRun?: boolean;
        };
        EventReplayed: {
            id: string;
            counts: components["schemas"]["ReplayCounts"];
        };
        /** @description What an event would do now. */
        Explanation: {
            type: string;
            /** @description The source’s own type. */
            sourceType: string;
            source: string;
            reference: string | null;
            reason: components["schemas"]["Reason"] | null;
            /** @enum {string} */
            status: "accepted" | "ignored" | "failed";
            /** @description What the sender may have meant instead, or not expect. */
            hint?: string;
            duplicate: boolean;
            /** @description The event that it duplicates. */
            eventId: string | null;
            /** @description The first 100. */
            notifications: components["schemas"]["Forecast"][];
            /** @description All notifications by state. */
            counts: components["schemas"]["Counts"];
            /** @description Notifications that would not be made, and why; the first 100. */
            omissions: components["schemas"]["Omission"][];
            /** @description The number of all omissions. */
            omitted: number;
            /** @description Events that it would emit later; `reason` where that is already stopped. */
            timers: {
                /** @description The type of the event that the timer emits. */
                emits: string;
                /** Format: date-time */
                dueAt: string;
                /** @description Why the timer was stopped. */
                reason: components["schemas"]["Reason"] | null;
            }[];
        };
        /** @description A notification that the event would make. */
        Forecast: {
            notifier: string;
            category: components["schemas"]["Category"];
            channel: components["schemas"]["Channel"];
            /** @description The address; masked for a viewer, null once it was removed. */
            to: string | null;
            recipientId: string | null;
            state: components["schemas"]["NotificationState"];
            reason: components["schemas"]["Reason"] | null;
            priority: components["schemas"]["Priority"];
            scheduledFor: string | null;
            expiresAt: string | null;
            locale: string;
            timezone: string;
            /** @description The provider that would be called first, by its current health. */
            provider: {
                name: string;
                cause: string;
                why: string;
            } | null;
            route: {
                name: string;
                passedOver: string | null;
            }[];
            words: components["schemas"]["CopyUsed"] | null;
            message?: components["schemas"]["Message"] | null;
            /** @description Why the message is not shown. */
            messageReason?: components["schemas"]["Reason"];
        };
        InstallmentOverdueData: {
            title: string & (unknown & unknown);
            amount: components["schemas"]["Money"];
            dueDate: string;
            installmentNumber?: number | null;
            installmentCount?: number | null;
            payUrl?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `installment-overdue` listens to it.
         * @example {
         *       "type": "installment.overdue",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ENR-2001",
         *       "data": {
         *         "title": "Practical Typography",
         *         "amount": {
         *           "amount": 4500,
         *           "currency": "gbp"
         *         },
         *         "dueDate": "2026-11-16",
         *         "installmentNumber": 2,
         *         "installmentCount": 6,
         *         "payUrl": "https://learn.example.com/pay/ENR-2001"
         *       }
         *     }
         */
        InstallmentOverdueEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "installment.overdue";
            data: components["schemas"]["InstallmentOverdueData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "installment.overdue";
        };
        InstallmentPaidData: {
            amount?: components["schemas"]["Money"] | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `installment-paid` listens to it.
         * @example {
         *       "type": "installment.paid",
         *       "recipient": {},
         *       "data": {}
         *     }
         */
        InstallmentPaidEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "installment.paid";
            data: components["schemas"]["InstallmentPaidData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "installment.paid";
        };
        InstallmentScheduledData: {
            title: string & (unknown & unknown);
            amount: components["schemas"]["Money"];
            dueDate: string;
            installmentNumber?: number | null;
            installmentCount?: number | null;
            payUrl?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `installment-reminder` listens to it.
         * @example {
         *       "type": "installment.scheduled",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ENR-2001-3",
         *       "data": {
         *         "title": "Practical Typography",
         *         "amount": {
         *           "amount": 4500,
         *           "currency": "gbp"
         *         },
         *         "dueDate": "2030-12-16",
         *         "installmentNumber": 3,
         *         "installmentCount": 6,
         *         "payUrl": "https://learn.example.com/pay/ENR-2001-3"
         *       }
         *     }
         */
        InstallmentScheduledEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "installment.scheduled";
            data: components["schemas"]["InstallmentScheduledData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "installment.scheduled";
        };
        /** @description The rendered content, as every attempt sends it. */
        Message: {
            subject: string | null;
            html: string | null;
            text: string;
            /** @description Of an SMS. */
            encoding?: string;
            /** @description Of an SMS. */
            segments?: number;
        };
        Money: {
            amount: number;
            currency: string;
            exponent?: number | null;
        } & {
            [key: string]: unknown;
        };
        NewCopyDraft: {
            /** @description By key; the others keep their built-in text. */
            messages: {
                [key: string]: string;
            };
            /** @description The revision of the draft that this one replaces, or null for none: 409 if it has changed meanwhile. */
            revision?: string | null;
        };
        NewReplay: {
            since: string;
            until: string;
            source?: string;
            /** @description Our type, or the source’s own. */
            type?: string;
            /** @description Another name of `type`. */
            eventType?: string;
            /** @description Only notifications in this state; `failed` includes failed events. */
            state?: components["schemas"]["NotificationState"];
            /**
             * @description Maximum notifications per second.
             * @default 50
             */
            ratePerSecond?: number;
            /**
             * @description Answer the plan and replay nothing.
             * @default false
             */
            dryRun?: boolean;
        };
        NewSuppression: {
            reason: string;
        };
        /**
         * @description One message to one address on one channel.
         * @example {
         *       "id": "0198c0de-0000-7000-8000-000000000000",
         *       "eventId": "0198c0dd-0000-7000-8000-000000000000",
         *       "eventType": "order.shipped",
         *       "source": "shop",
         *       "notifier": "order-shipped",
         *       "category": "transactional",
         *       "channel": "email",
         *       "to": "ada@example.com",
         *       "recipientId": "cus_42",
         *       "reference": "ORD-1001",
         *       "state": "delivered",
         *       "reason": null,
         *       "priority": "normal",
         *       "provider": "sandbox",
         *       "providerMessageId": "sandbox-1",
         *       "scheduledFor": null,
         *       "expiresAt": null,
         *       "createdAt": "2026-11-24T10:00:00.000Z",
         *       "sentAt": "2026-11-24T10:00:01.000Z",
         *       "deliveredAt": "2026-11-24T10:00:07.120Z",
         *       "openedAt": null,
         *       "clickedAt": null,
         *       "subject": "Your order ORD-1001 has shipped"
         *     }
         */
        Notification: {
            /** @description The id of the notification; opaque. */
            id: string;
            /** @description The id of its event; opaque. */
            eventId: string;
            eventType: string;
            /** @description An app, a key, or a vendor. */
            source: string;
            notifier: string;
            category: components["schemas"]["Category"];
            channel: components["schemas"]["Channel"];
            /** @description The address; masked for a viewer, null once it was removed. */
            to: string | null;
            recipientId: string | null;
            reference: string | null;
            state: components["schemas"]["NotificationState"];
            reason: components["schemas"]["Reason"] | null;
            priority: components["schemas"]["Priority"];
            provider: string | null;
            providerMessageId: string | null;
            scheduledFor: string | null;
            expiresAt: string | null;
            /** Format: date-time */
            createdAt: string;
            sentAt: string | null;
            deliveredAt: string | null;
            openedAt: string | null;
            clickedAt: string | null;
            /**
             * Format: date-time
             * @description When it was given up; in a list by `givenUpSince` alone.
             */
            givenUpAt?: string;
            subject: string | null;
        };
        /** @description A notification with its attempts, receipts and timeline. */
        NotificationAudit: {
            /** @description The id of the notification; opaque. */
            id: string;
            /** @description The id of its event; opaque. */
            eventId: string;
            eventType: string;
            /** @description An app, a key, or a vendor. */
            source: string;
            notifier: string;
            category: components["schemas"]["Category"];
            channel: components["schemas"]["Channel"];
            /** @description The address; masked for a viewer, null once it was removed. */
            to: string | null;
            recipientId: string | null;
            reference: string | null;
            state: components["schemas"]["NotificationState"];
            reason: components["schemas"]["Reason"] | null;
            priority: components["schemas"]["Priority"];
            provider: string | null;
            providerMessageId: string | null;
            scheduledFor: string | null;
            expiresAt: string | null;
            /** Format: date-time */
            createdAt: string;
            sentAt: string | null;
            deliveredAt: string | null;
            openedAt: string | null;
            clickedAt: string | null;
            /**
             * Format: date-time
             * @description When it was given up; in a list by `givenUpSince` alone.
             */
            givenUpAt?: string;
            subject: string | null;
            words: components["schemas"]["CopyUsed"] | null;
            /** @description Whether its address is on the suppression list of its channel now; null where it has no address. */
            addressSuppressed: boolean | null;
            /** @description In their order: the first and the latest 100, or all in an export. */
            attempts: components["schemas"]["Attempt"][];
            /** @description The number of all attempts. */
            attemptCount: number;
            /** @description Oldest first: the first and the latest 100, or all in an export. */
            receipts: components["schemas"]["Receipt"][];
            /** @description The number of all receipts. */
            receiptCount: number;
            /** @description Oldest first. Attempts, receipts and entries between the first and the latest 100 are not in it. */
            timeline: components["schemas"]["TimelineEntry"][];
            /** @description The number of all entries of the timeline. */
            timelineCount: number;
            message?: components["schemas"]["Message"] | null;
            /** @description Why the message is not shown. */
            messageReason?: components["schemas"]["Reason"];
        };
        /** @description A notification of the app has a new state. */
        NotificationCallback: {
            /** @enum {string} */
            type: "notification.sent" | "notification.delivered" | "notification.undelivered" | "notification.failed" | "notification.suppressed";
            /** Format: date-time */
            timestamp: string;
            data: {
                notification: components["schemas"]["NotificationOfApp"];
            };
        };
        NotificationList: {
            data: components["schemas"]["Notification"][];
            /** @description The `cursor` of the next page; null on the last one. */
            nextCursor: string | null;
        };
        NotificationOfApp: {
            /** @description The id of the notification; opaque. */
            id: string;
            /** @description The id of its event; opaque. */
            eventId: string;
            eventType: string;
            /** @description An app, a key, or a vendor. */
            source: string;
            notifier: string;
            category: components["schemas"]["Category"];
            channel: components["schemas"]["Channel"];
            /** @description The address; masked for a viewer, null once it was removed. */
            to: string | null;
            recipientId: string | null;
            reference: string | null;
            state: components["schemas"]["NotificationState"];
            reason: components["schemas"]["Reason"] | null;
            priority: components["schemas"]["Priority"];
            provider: string | null;
            providerMessageId: string | null;
            scheduledFor: string | null;
            expiresAt: string | null;
            /** Format: date-time */
            createdAt: string;
            sentAt: string | null;
            deliveredAt: string | null;
            openedAt: string | null;
            clickedAt: string | null;
            /**
             * Format: date-time
             * @description When it was given up; in a list by `givenUpSince` alone.
             */
            givenUpAt?: string;
            subject: string | null;
            /** @description The app’s own id of the event. */
            sourceId: string;
        };
        /**
         * @description docs/states.md says what each means.
         * @enum {string}
         */
        NotificationState: "scheduled" | "pending" | "sending" | "sent" | "delivered" | "undelivered" | "unconfirmed" | "failed" | "suppressed" | "expired" | "cancelled" | "digested";
        /** @description What one kind of event means for people. */
        Notifier: {
            name: string;
            on: string[];
            channels: components["schemas"]["Channel"][];
            category: components["schemas"]["Category"];
            /** @description The JSON Schema of its `data`. */
            schema: {
                [key: string]: unknown;
            };
            /** @description A whole event of its first type. */
            sample: {
                [key: string]: unknown;
            };
        };
        NotifierList: {
            data: components["schemas"]["Notifier"][];
            nextCursor: null;
        };
        /** @description A notification that was expected and not made. */
        Omission: {
            notifier: string;
            channel: string | null;
            reason: components["schemas"]["Reason"];
        };
        /** @description OpenAPI 3.1. */
        OpenApi: {
            openapi: string;
        } & {
            [key: string]: unknown;
        };
        OperatorAlertData: {
            alert: string & (unknown & unknown);
            amount?: components["schemas"]["Money"] | null;
            reason?: (string & (unknown & unknown)) | null;
            objectId?: (string & (unknown & unknown)) | null;
            respondBy?: (string) | null;
            account?: (string & (unknown & unknown)) | null;
            isRefundable?: boolean | null;
            message?: (string & (unknown & unknown)) | null;
            isTaken?: boolean | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `operator-alert` listens to it.
         * @example {
         *       "type": "operator.alert",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ORD-1001",
         *       "data": {
         *         "alert": "dispute_created",
         *         "amount": {
         *           "amount": 7885,
         *           "currency": "gbp"
         *         },
         *         "reason": "product_not_received",
         *         "objectId": "dp_1QK9dD2eZvKYlo2C",
         *         "respondBy": "2026-12-05T23:59:59Z",
         *         "account": "acct_1QK9cB2eZvKYlo2C"
         *       }
         *     }
         */
        OperatorAlertEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "operator.alert";
            data: components["schemas"]["OperatorAlertData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "operator.alert";
        };
        OrderAcceptedData: {
            orderNumber: string & (unknown & unknown);
            seller?: (string & (unknown & unknown)) | null;
            orderUrl?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `order-accepted` listens to it.
         * @example {
         *       "type": "order.accepted",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ORD-1001",
         *       "data": {
         *         "orderNumber": "ORD-1001",
         *         "seller": "Fernwood Workshop",
         *         "orderUrl": "https://shop.example.com/orders/ORD-1001"
         *       }
         *     }
         */
        OrderAcceptedEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "order.accepted";
            data: components["schemas"]["OrderAcceptedData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "order.accepted";
        };
        OrderCancelledData: {
            orderNumber: string & (unknown & unknown);
            reason?: (string & (unknown & unknown)) | null;
            refund?: components["schemas"]["Money"] | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `order-cancelled` listens to it.
         * @example {
         *       "type": "order.cancelled",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ORD-1001",
         *       "data": {
         *         "orderNumber": "ORD-1001",
         *         "reason": "out_of_stock",
         *         "refund": {
         *           "amount": 7885,
         *           "currency": "gbp"
         *         }
         *       }
         *     }
         */
        OrderCancelledEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "order.cancelled";
            data: components["schemas"]["OrderCancelledData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "order.cancelled";
        };
        OrderConfirmedData: {
            orderNumber: string & (unknown & unknown);
            total?: components["schemas"]["Money"] | null;
            estimatedDelivery?: (string) | null;
            orderUrl?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `order-confirmed` listens to it.
         * @example {
         *       "type": "order.confirmed",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ORD-1001",
         *       "data": {
         *         "orderNumber": "ORD-1001",
         *         "total": {
         *           "amount": 7885,
         *           "currency": "gbp"
         *         },
         *         "estimatedDelivery": "2026-11-24",
         *         "orderUrl": "https://shop.example.com/orders/ORD-1001"
         *       }
         *     }
         */
        OrderConfirmedEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "order.confirmed";
            data: components["schemas"]["OrderConfirmedData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "order.confirmed";
        };
        OrderCreatedData: {
            orderNumber: string & (unknown & unknown);
            items: ({
                name: string & (unknown & unknown);
                quantity: number;
                unitPrice: components["schemas"]["SignedMoney"];
                imageUrl?: string | null;
            } & {
                [key: string]: unknown;
            })[];
            total: components["schemas"]["Money"];
            subtotal?: components["schemas"]["Money"] | null;
            discount?: components["schemas"]["SignedMoney"] | null;
            shipping?: components["schemas"]["Money"] | null;
            tax?: components["schemas"]["Money"] | null;
            orderUrl?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `order-confirmation` listens to it.
         * @example {
         *       "type": "order.created",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ORD-1001",
         *       "data": {
         *         "orderNumber": "ORD-1001",
         *         "items": [
         *           {
         *             "name": "Beech bread board, large",
         *             "quantity": 1,
         *             "unitPrice": {
         *               "amount": 3800,
         *               "currency": "gbp"
         *             }
         *           },
         *           {
         *             "name": "Linen tea towels, set of three",
         *             "quantity": 2,
         *             "unitPrice": {
         *               "amount": 1450,
         *               "currency": "gbp"
         *             }
         *           },
         *           {
         *             "name": "Board oil, 250 ml",
         *             "quantity": 1,
         *             "unitPrice": {
         *               "amount": 1190,
         *               "currency": "gbp"
         *             }
         *           }
         *         ],
         *         "subtotal": {
         *           "amount": 7890,
         *           "currency": "gbp"
         *         },
         *         "discount": {
         *           "amount": 500,
         *           "currency": "gbp"
         *         },
         *         "shipping": {
         *           "amount": 495,
         *           "currency": "gbp"
         *         },
         *         "tax": {
         *           "amount": 1314,
         *           "currency": "gbp"
         *         },
         *         "total": {
         *           "amount": 7885,
         *           "currency": "gbp"
         *         },
         *         "orderUrl": "https://shop.example.com/orders/ORD-1001"
         *       }
         *     }
         */
        OrderCreatedEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "order.created";
            data: components["schemas"]["OrderCreatedData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "order.created";
        };
        OrderDeliveredData: {
            orderNumber: string & (unknown & unknown);
            deliveredAt?: (string) | null;
            reviewUrl?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `order-delivered` listens to it.
         * @example {
         *       "type": "order.delivered",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ORD-1001",
         *       "data": {
         *         "orderNumber": "ORD-1001",
         *         "deliveredAt": "2026-11-24T14:05:00Z",
         *         "reviewUrl": "https://shop.example.com/orders/ORD-1001/review"
         *       }
         *     }
         */
        OrderDeliveredEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "order.delivered";
            data: components["schemas"]["OrderDeliveredData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "order.delivered";
        };
        OrderOutForDeliveryData: {
            orderNumber: string & (unknown & unknown);
            deliveryWindow?: (string & (unknown & unknown)) | null;
            trackingUrl?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `order-out-for-delivery` listens to it.
         * @example {
         *       "type": "order.out_for_delivery",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ORD-1001",
         *       "data": {
         *         "orderNumber": "ORD-1001",
         *         "deliveryWindow": "14:00–16:00",
         *         "trackingUrl": "https://shop.example.com/track/JD014600"
         *       }
         *     }
         */
        OrderOutForDeliveryEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "order.out_for_delivery";
            data: components["schemas"]["OrderOutForDeliveryData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "order.out_for_delivery";
        };
        OrderShippedData: {
            orderNumber: string & (unknown & unknown);
            carrier: string & (unknown & unknown);
            trackingNumber: string & (unknown & unknown);
            trackingUrl?: string | null;
            estimatedDelivery?: (string) | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `order-shipped` listens to it.
         * @example {
         *       "type": "order.shipped",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ORD-1001",
         *       "data": {
         *         "orderNumber": "ORD-1001",
         *         "carrier": "DHL",
         *         "trackingNumber": "JD014600",
         *         "trackingUrl": "https://shop.example.com/track/JD014600",
         *         "estimatedDelivery": "2026-11-24"
         *       }
         *     }
         */
        OrderShippedEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "order.shipped";
            data: components["schemas"]["OrderShippedData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "order.shipped";
        };
        PaymentFailedData: {
            amount: components["schemas"]["Money"];
            paymentId?: (string & (unknown & unknown)) | null;
            orderNumber?: (string & (unknown & unknown)) | null;
            reason?: (string & (unknown & unknown)) | null;
            isLastTry?: boolean | null;
            nextTryAt?: (string) | null;
            retryUrl?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `payment-failed` listens to it.
         * @example {
         *       "type": "payment.failed",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ORD-1001",
         *       "data": {
         *         "amount": {
         *           "amount": 7885,
         *           "currency": "gbp"
         *         },
         *         "paymentId": "pi_3QK9dD2eZvKYlo2C1",
         *         "orderNumber": "ORD-1001",
         *         "reason": "expired_card",
         *         "retryUrl": "https://shop.example.com/pay/ORD-1001"
         *       }
         *     }
         */
        PaymentFailedEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "payment.failed";
            data: components["schemas"]["PaymentFailedData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "payment.failed";
        };
        PaymentPendingData: {
            amount: components["schemas"]["Money"];
            orderNumber?: (string & (unknown & unknown)) | null;
            payUrl?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `payment-due` listens to it.
         * @example {
         *       "type": "payment.pending",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ORD-1001",
         *       "data": {
         *         "amount": {
         *           "amount": 7885,
         *           "currency": "gbp"
         *         },
         *         "orderNumber": "ORD-1001",
         *         "payUrl": "https://shop.example.com/pay/ORD-1001"
         *       }
         *     }
         */
        PaymentPendingEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "payment.pending";
            data: components["schemas"]["PaymentPendingData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "payment.pending";
        };
        PaymentReceivedData: {
            amount: components["schemas"]["Money"];
            paymentId?: (string & (unknown & unknown)) | null;
            orderNumber?: (string & (unknown & unknown)) | null;
            method?: (string & (unknown & unknown)) | null;
            paidAt?: (string) | null;
            receiptUrl?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `payment-received` listens to it.
         * @example {
         *       "type": "payment.received",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ORD-1001",
         *       "data": {
         *         "amount": {
         *           "amount": 7885,
         *           "currency": "gbp"
         *         },
         *         "paymentId": "pi_3QK9dD2eZvKYlo2C1",
         *         "orderNumber": "ORD-1001",
         *         "method": "Visa •••• 4242",
         *         "paidAt": "2026-11-21T10:00:00Z",
         *         "receiptUrl": "https://shop.example.com/receipts/ORD-1001"
         *       }
         *     }
         */
        PaymentReceivedEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "payment.received";
            data: components["schemas"]["PaymentReceivedData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "payment.received";
        };
        /** @description A payment was not completed in time. */
        PaymentTimedOutCallback: {
            /** @constant */
            type: "payment.timed_out";
            /** Format: date-time */
            timestamp: string;
            data: components["schemas"]["PaymentTimedOutData"];
            reference?: string;
            recipient?: {
                id: string;
            };
        };
        PaymentTimedOutData: {
            amount: components["schemas"]["Money"];
            orderNumber?: (string & (unknown & unknown)) | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `payment-timed-out` listens to it.
         * @example {
         *       "type": "payment.timed_out",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ORD-1001",
         *       "data": {
         *         "amount": {
         *           "amount": 7885,
         *           "currency": "gbp"
         *         },
         *         "orderNumber": "ORD-1001"
         *       }
         *     }
         */
        PaymentTimedOutEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "payment.timed_out";
            data: components["schemas"]["PaymentTimedOutData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "payment.timed_out";
        };
        /** @description Everything that is stored about a person. */
        PersonExport: {
            ids: string[];
            addresses: string[];
            /** @description Ids and addresses that were written with theirs and that many people share: what is only under these is not theirs. */
            shared?: string[];
            notifications: components["schemas"]["NotificationAudit"][];
            events: {
                id: string;
                source: string;
                type: string;
                /** Format: date-time */
                receivedAt: string;
                /** @description As it was received; null where others are named in it, or it was removed. */
                body: string | null;
            }[];
            suppressions: components["schemas"]["Suppression"][];
            preferences: {
                subject: string;
                app: string;
                channel: string;
                allowed: boolean;
                by: string;
                /** Format: date-time */
                at: string;
            }[];
            payments: {
                outcome: string;
                names: string[];
                orders: string[];
                amount: number;
                currency: string;
                /** Format: date-time */
                at: string;
            }[];
            /** @description Who saw their addresses. */
            accesses: {
                /** Format: date-time */
                at: string;
                by: string;
                what: string;
            }[];
        };
        PlannedReplay: {
            /** @constant */
            dryRun: true;
            plan: components["schemas"]["ReplayPlan"];
        };
        /** @description An event of a type that a notifier listens to. Others, whose `data` is any object, are accepted too, and answered `ignored`. */
        PostedEvent: components["schemas"]["OrderCreatedEvent"] | components["schemas"]["OrderAcceptedEvent"] | components["schemas"]["OrderConfirmedEvent"] | components["schemas"]["OrderShippedEvent"] | components["schemas"]["OrderOutForDeliveryEvent"] | components["schemas"]["OrderDeliveredEvent"] | components["schemas"]["OrderCancelledEvent"] | components["schemas"]["PaymentReceivedEvent"] | components["schemas"]["PaymentFailedEvent"] | components["schemas"]["PaymentPendingEvent"] | components["schemas"]["PaymentTimedOutEvent"] | components["schemas"]["RefundProcessedEvent"] | components["schemas"]["EnrollmentCreatedEvent"] | components["schemas"]["EnrollmentCancelledEvent"] | components["schemas"]["InstallmentScheduledEvent"] | components["schemas"]["InstallmentOverdueEvent"] | components["schemas"]["DemoAttendedEvent"] | components["schemas"]["ContentPublishedEvent"] | components["schemas"]["StudentProgressEvent"] | components["schemas"]["SubscriptionTrialEndingEvent"] | components["schemas"]["SubscriptionCancelledEvent"] | components["schemas"]["OperatorAlertEvent"] | components["schemas"]["InstallmentPaidEvent"] | components["schemas"]["SubscriptionEndingEvent"] | components["schemas"]["SubscriptionResumedEvent"];
        /** @description What every event may have. `recipient` and `recipients` exclude each other. */
        PostedEventFields: {
            /** @description Makes a repeat a duplicate, where no header does. */
            id?: string | null;
            /** @description When it happened. */
            timestamp?: string | null;
            /** @description When the message is sent. */
            sendAt?: string | null;
            /** @description When the message is of no more use. */
            expiresAt?: string | null;
            priority?: ("high" | "normal" | "bulk") | null;
            /** @description What support staff search by, and what relates events to each other. */
            reference?: string | null;
            /** @description A choice among the notifier’s channels. */
            channels?: ("email" | "sms" | "callback")[] | null;
            recipient?: components["schemas"]["Recipient"] | null;
            recipients?: components["schemas"]["Recipient"][] | null;
        };
        /** @description Whether a person gets `product` messages, by channel. */
        Preferences: {
            product: {
                email: boolean;
                sms: boolean;
            };
        };
        PreferencesChange: {
            product?: {
                email?: boolean;
                sms?: boolean;
            };
            transactional?: unknown;
        };
        PreviewData: {
            /** @description The data of an event, in place of the sample’s. */
            data: {
                [key: string]: unknown;
            };
        };
        /** @enum {string} */
        Priority: "high" | "normal" | "bulk";
        /**
         * @description Why a request was not served (RFC 9457).
         * @example {
         *       "type": "https://posthorn.example.com/docs/problems#event_invalid",
         *       "title": "The event is not valid",
         *       "status": 422,
         *       "detail": "The event has invalid fields.",
         *       "code": "event_invalid",
         *       "requestId": "0198c0de-0000-7000-8000-000000000000",
         *       "errors": [
         *         {
         *           "path": "data.orderNumber",
         *           "message": "is required"
         *         }
         *       ]
         *     }
         */
        Problem: {
            /**
             * Format: uri
             * @description The page about the problem.
             */
            type: string;
            /** @enum {string} */
            title: "The request is not valid" | "The request is not well-formed HTTP" | "The body is not JSON" | "The body is not an event" | "The body is not a report" | "The API key is missing" | "The API key is not known" | "The signature is missing" | "The signature is wrong" | "The timestamp is too far from our clock" | "The link is not valid" | "The key’s role does not allow this" | "The form is not valid any more" | "It does not exist" | "There is no such path" | "The source is not known" | "The source is not configured" | "The provider is not known" | "The provider’s reports are not configured" | "The method is not allowed here" | "The request took too long" | "Its state does not allow this" | "The body is too large" | "The URL is too long" | "The content type is not supported" | "The event is not valid" | "The event is too much work" | "The copy has faults" | "Too many requests" | "The headers are too large" | "Internal error" | "The database is unavailable" | "The answer takes too long" | "Too many bodies are arriving" | "The process is stopping";
            status: number;
            /** @description What is wrong in this case. */
            detail: string;
            /**
             * @description Stable; tell problems apart by it.
             * @enum {string}
             */
            code: "invalid_request" | "malformed_http" | "malformed_json" | "not_an_event" | "not_a_report" | "key_missing" | "key_unknown" | "signature_missing" | "signature_invalid" | "timestamp_out_of_tolerance" | "link_invalid" | "role_not_allowed" | "form_refused" | "not_found" | "route_unknown" | "source_unknown" | "source_not_configured" | "provider_unknown" | "provider_not_configured" | "method_not_allowed" | "request_too_slow" | "conflict" | "body_too_large" | "url_too_long" | "content_type_not_supported" | "event_invalid" | "event_too_much" | "copy_invalid" | "too_many_requests" | "headers_too_large" | "internal_error" | "database_unavailable" | "answer_too_slow" | "overloaded" | "stopping";
            /**
             * Format: uuid
             * @description Finds the request in the log.
             */
            requestId: string;
            /** @description Each fault of the data, with its path. */
            errors?: {
                path: string;
                message: string;
            }[];
        };
        /** @description A provider in its route, with its health. */
        Provider: {
            name: string;
            channel: components["schemas"]["Channel"];
            /** @description Its position in the route; 1 is the primary. */
            position: number;
            /**
             * @description half-open: one real send is probing it now.
             * @enum {string}
             */
            circuit: "closed" | "open" | "half-open";
            why: string | null;
            paused: {
                /** Format: date-time */
                at: string;
                by: string;
            } | null;
            /** @description Maximum sends per second, over all processes. */
            rate: number | null;
            /** @description Of the last five minutes; `other` does not count towards its health. */
            calls: {
                good: number;
                bad: number;
                other: number;
            };
            successRate: number | null;
            latencyMs: number | null;
            nextProbeAt: string | null;
            changes: {
                /** Format: date-time */
                at: string;
                what: string;
                by: string;
            }[];
        };
        ProviderList: {
            data: components["schemas"]["Provider"][];
            nextCursor: null;
        };
        Publication: {
            /** @description The revision of the draft that was reviewed. */
            revision?: string;
        };
        /** @description A queue of jobs and how many wait in it. */
        Queue: {
            name: string;
            ready: number;
            active: number;
            deferred: number;
            failed: number;
            oldestSeconds: number | null;
        };
        QueueList: {
            data: components["schemas"]["Queue"][];
            nextCursor: null;
        };
        Ready: {
            /** @constant */
            status: "ready";
            warning?: string;
        };
        /**
         * @description Why something is in its state, with a sentence for support staff.
         * @example {
         *       "code": "no_address",
         *       "text": "The recipient has no address for this channel."
         *     }
         */
        Reason: {
            /** @description Stable; docs/reasons.md lists all. */
            code: string;
            text: string;
            /** @description More exactly, for some codes of docs/reasons.md. */
            cause?: string;
        };
        /**
         * @description What a provider reported later.
         * @example {
         *       "provider": "sandbox",
         *       "kind": "delivered",
         *       "at": "2026-11-24T10:00:07.000Z",
         *       "receivedAt": "2026-11-24T10:00:07.120Z",
         *       "providerMessageId": "sandbox-1",
         *       "code": null,
         *       "text": null
         *     }
         */
        Receipt: {
            provider: string;
            /** @enum {string} */
            kind: "taken" | "not-sent" | "delivered" | "undelivered" | "delayed" | "opened" | "clicked" | "scanned" | "complained" | "unsubscribed" | "resubscribed" | "listed";
            /** @description By the provider’s clock. */
            at: string | null;
            /** Format: date-time */
            receivedAt: string;
            providerMessageId: string | null;
            code: string | null;
            text: string | null;
        };
        Recipient: {
            /** @description Your own id of the person. */
            id?: string | null;
            email?: string | null;
            /** @description E.164, or national with `country`. */
            phone?: string | null;
            /** @description ISO 3166; reads a national phone number. */
            country?: string | null;
            name?: string | null;
            locale?: string | null;
            timezone?: string | null;
            /** @description Merged over the event’s data, for this recipient. */
            data?: Record<string, never> | null;
        };
        RefundProcessedData: {
            amount: components["schemas"]["Money"];
            refundId?: (string & (unknown & unknown)) | null;
            orderNumber?: (string & (unknown & unknown)) | null;
            reason?: (string & (unknown & unknown)) | null;
            expectedBy?: (string) | null;
            pending?: boolean | null;
            needsAction?: boolean | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `refund-processed` listens to it.
         * @example {
         *       "type": "refund.processed",
         *       "timestamp": "2026-11-21T10:00:00Z",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "ORD-1001",
         *       "data": {
         *         "amount": {
         *           "amount": 2900,
         *           "currency": "gbp"
         *         },
         *         "refundId": "re_3QK9dD2eZvKYlo2C1",
         *         "orderNumber": "ORD-1001",
         *         "reason": "requested_by_customer",
         *         "expectedBy": "2026-11-28"
         *       }
         *     }
         */
        RefundProcessedEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "refund.processed";
            data: components["schemas"]["RefundProcessedData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "refund.processed";
        };
        Replay: {
            id: string;
            /** @enum {string} */
            status: "running" | "done";
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            until: string;
            source: string | null;
            type: string | null;
            state: components["schemas"]["NotificationState"] | null;
            ratePerSecond: number;
            /** @description The key that asked for it. */
            by: string;
            plan: components["schemas"]["ReplayPlan"];
            progress: {
                /** @description Sent by this replay. */
                wouldSend: number;
                /** @description The older name of `wouldSend`. */
                willSend: number;
                alreadySent: number;
                /** @description Expired by the event’s own time. */
                expired: number;
                /** @description Suppressed then, and still suppressed now. */
                suppressed: number;
                /** @description In progress, unconfirmed, cancelled, or without content. */
                other: number;
                events: number;
            };
            /** Format: date-time */
            createdAt: string;
            finishedAt: string | null;
        };
        /** @description Notifications by what a replay does with them. */
        ReplayCounts: {
            /** @description Sent by this replay. */
            wouldSend: number;
            /** @description The older name of `wouldSend`. */
            willSend: number;
            alreadySent: number;
            /** @description Expired by the event’s own time. */
            expired: number;
            /** @description Suppressed then, and still suppressed now. */
            suppressed: number;
            /** @description In progress, unconfirmed, cancelled, or without content. */
            other: number;
        };
        ReplayList: {
            data: components["schemas"]["Replay"][];
            /** @description The `cursor` of the next page; null on the last one. */
            nextCursor: string | null;
        };
        ReplayPlan: {
            /** @description Sent by this replay. */
            wouldSend: number;
            alreadySent: number;
            /** @description Expired by the event’s own time. */
            expired: number;
            /** @description Suppressed then, and still suppressed now. */
            suppressed: number;
            /** @description In progress, unconfirmed, cancelled, or without content. */
            other: number;
            events: number;
        };
        ReportTaken: {
            /** @description How many of the receipts in it are new. */
            receipts: number;
        };
        Reversion: {
            /** @description The version to revert. */
            version?: number;
        };
        Schedule: {
            name: string;
            cron: string;
            timezone: string;
            lastRunAt: string | null;
            /** @description With the id of its event, or the error. */
            lastResult: ({
                ok: boolean;
            } & {
                [key: string]: unknown;
            }) | null;
            /** Format: date-time */
            nextRunAt: string;
        };
        /** @description A built-in schedule is due. */
        ScheduleCallback: {
            /** @enum {string} */
            type: "schedule.installment_reminders" | "schedule.failed_payments" | "schedule.overdue_installments" | "schedule.payment_timeouts" | "schedule.exchange_rates" | "schedule.retention";
            /** Format: date-time */
            timestamp: string;
            data: {
                name: string;
                /** Format: date-time */
                scheduledFor: string;
            } & {
                [key: string]: unknown;
            };
        };
        ScheduleList: {
            data: components["schemas"]["Schedule"][];
            nextCursor: null;
        };
        ScheduleRun: {
            name: string;
            cron: string;
            timezone: string;
            lastRunAt: string | null;
            /** @description With the id of its event, or the error. */
            lastResult: ({
                ok: boolean;
            } & {
                [key: string]: unknown;
            }) | null;
            /** Format: date-time */
            nextRunAt: string;
            /** @description The id of the run’s event. */
            eventId: string;
            /** @description With the id of its event, or the error. */
            result: ({
                ok: boolean;
            } & {
                [key: string]: unknown;
            }) | null;
        };
        Settled: {
            matched: number;
            settled: number;
            dryRun: boolean;
        };
        Settlement: {
            /** @description Whether the message was sent. */
            sent: boolean;
        };
        Settlements: {
            /** @description Whose answer is unknown. */
            provider?: string;
            notifier?: string;
            /** @enum {string} */
            channel?: "email" | "sms" | "callback";
            since?: string;
            until?: string;
            /** @description Whether the message was sent. */
            sent: boolean;
            /** @description Only those that were in doubt at this time already, such as when a dry run counted them. */
            asOf?: string;
            /** @default false */
            dryRun?: boolean;
        };
        SignedMoney: {
            amount: number;
            currency: string;
            exponent?: number | null;
        } & {
            [key: string]: unknown;
        };
        StudentProgressData: {
            courseTitle: string & (unknown & unknown);
            completedLessons: number;
            totalLessons: number;
            minutesSpent?: number | null;
            url?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `weekly-progress` listens to it.
         * @example {
         *       "type": "student.progress",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "practical-typography",
         *       "data": {
         *         "courseTitle": "Practical Typography",
         *         "completedLessons": 7,
         *         "totalLessons": 12,
         *         "minutesSpent": 95,
         *         "url": "https://learn.example.com/courses/practical-typography"
         *       }
         *     }
         */
        StudentProgressEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "student.progress";
            data: components["schemas"]["StudentProgressData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "student.progress";
        };
        SubscriptionCancelledData: {
            planName?: (string & (unknown & unknown)) | null;
            endedAt?: (string) | null;
            reason?: (string & (unknown & unknown)) | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `subscription-cancelled` listens to it.
         * @example {
         *       "type": "subscription.cancelled",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "SUB-501",
         *       "data": {
         *         "planName": "Studio Plus",
         *         "endedAt": "2026-11-21T10:00:00Z",
         *         "reason": "cancellation_requested"
         *       }
         *     }
         */
        SubscriptionCancelledEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "subscription.cancelled";
            data: components["schemas"]["SubscriptionCancelledData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "subscription.cancelled";
        };
        SubscriptionEndingData: {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `subscription-ending` listens to it.
         * @example {
         *       "type": "subscription.ending",
         *       "recipient": {},
         *       "data": {}
         *     }
         */
        SubscriptionEndingEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "subscription.ending";
            data: components["schemas"]["SubscriptionEndingData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "subscription.ending";
        };
        SubscriptionResumedData: {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `subscription-ending` listens to it.
         * @example {
         *       "type": "subscription.resumed",
         *       "recipient": {},
         *       "data": {}
         *     }
         */
        SubscriptionResumedEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "subscription.resumed";
            data: components["schemas"]["SubscriptionResumedData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "subscription.resumed";
        };
        SubscriptionTrialEndingData: {
            planName?: (string & (unknown & unknown)) | null;
            trialEndsAt: string;
            outcome?: ("continues" | "cancelled" | "no_payment_method" | "paused") | null;
            amount?: components["schemas"]["Money"] | null;
            interval?: ("day" | "week" | "month" | "year") | null;
            intervalCount?: number | null;
            manageUrl?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The notifier `trial-ending` listens to it.
         * @example {
         *       "type": "subscription.trial_ending",
         *       "recipient": {
         *         "id": "cus_42",
         *         "email": "ada@example.com",
         *         "phone": "+14155550123",
         *         "name": "Ada Lovelace",
         *         "locale": "en-GB",
         *         "timezone": "Europe/London"
         *       },
         *       "reference": "SUB-501",
         *       "data": {
         *         "planName": "Studio Plus",
         *         "trialEndsAt": "2026-11-28T10:00:00Z",
         *         "amount": {
         *           "amount": 1200,
         *           "currency": "gbp"
         *         },
         *         "interval": "month",
         *         "manageUrl": "https://learn.example.com/subscription"
         *       }
         *     }
         */
        SubscriptionTrialEndingEvent: components["schemas"]["PostedEventFields"] & {
            /** @constant */
            type: "subscription.trial_ending";
            data: components["schemas"]["SubscriptionTrialEndingData"];
        } & {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "subscription.trial_ending";
        };
        /** @description An address that must not be written to, and why. */
        Suppression: {
            /** @enum {string} */
            channel: "email" | "sms";
            address: string;
            reason: string;
            source: string;
            /** Format: date-time */
            createdAt: string;
        };
        SuppressionList: {
            data: components["schemas"]["Suppression"][];
            /** @description The `cursor` of the next page; null on the last one. */
            nextCursor: string | null;
        };
        /**
         * @description What happened, and when.
         * @example {
         *       "at": "2026-11-24T10:00:07.120Z",
         *       "code": "receipt",
         *       "what": "The mail server accepted it.",
         *       "detail": null
         *     }
         */
        TimelineEntry: {
            /** Format: date-time */
            at: string;
            code: string;
            what: string;
            detail: string | null;
        };
        /** @description An event that this one emits later, unless another stops it. */
        Timer: {
            /** @description The type of the event that the timer emits. */
            emits: string;
            /** Format: date-time */
            dueAt: string;
            firedAt: string | null;
            stoppedAt: string | null;
            /** @description Why the timer was stopped. */
            reason: components["schemas"]["Reason"] | null;
        };
    };
    responses: {
        /** @description Any other problem */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal_error`: Internal error. */
        InternalError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 500;
                    /** @enum {string} */
                    code: "internal_error";
                };
            };
        };
        /** @description `stopping`: The process is stopping. */
        Stopping: {
            headers: {
                /** @description Seconds after which to send it again. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 503;
                    /** @enum {string} */
                    code: "stopping";
                };
            };
        };
        /** @description `invalid_request`: The request is not valid. `malformed_json`: The body is not JSON. `not_an_event`: The body is not an event. */
        InvalidRequestOrMalformedJsonOrNotAnEvent: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {string} */
                    code: "invalid_request" | "malformed_json" | "not_an_event";
                };
            };
        };
        /** @description `request_too_slow`: The request took too long. */
        RequestTooSlow: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 408;
                    /** @enum {string} */
                    code: "request_too_slow";
                };
            };
        };
        /** @description `body_too_large`: The body is too large. */
        BodyTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 413;
                    /** @enum {string} */
                    code: "body_too_large";
                };
            };
        };
        /** @description `content_type_not_supported`: The content type is not supported. */
        ContentTypeNotSupported: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 415;
                    /** @enum {string} */
                    code: "content_type_not_supported";
                };
            };
        };
        /** @description `overloaded`: Too many bodies are arriving. `stopping`: The process is stopping. `database_unavailable`: The database is unavailable. */
        OverloadedOrStoppingOrDatabaseUnavailable: {
            headers: {
                /** @description Seconds after which to send it again. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 503;
                    /** @enum {string} */
                    code: "overloaded" | "stopping" | "database_unavailable";
                };
            };
        };
        /** @description `signature_missing`: The signature is missing. `signature_invalid`: The signature is wrong. `timestamp_out_of_tolerance`: The timestamp is too far from our clock. */
        SignatureMissingOrSignatureInvalidOrTimestampOutOfTolerance: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 401;
                    /** @enum {string} */
                    code: "signature_missing" | "signature_invalid" | "timestamp_out_of_tolerance";
                };
            };
        };
        /** @description `source_unknown`: The source is not known. `source_not_configured`: The source is not configured. */
        SourceUnknownOrSourceNotConfigured: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 404;
                    /** @enum {string} */
                    code: "source_unknown" | "source_not_configured";
                };
            };
        };
        /** @description `event_invalid`: The event is not valid. `event_too_much`: The event is too much work. */
        EventInvalidOrEventTooMuch: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 422;
                    /** @enum {string} */
                    code: "event_invalid" | "event_too_much";
                };
            };
        };
        /** @description `too_many_requests`: Too many requests. */
        TooManyRequests: {
            headers: {
                /** @description Seconds after which to send it again. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 429;
                    /** @enum {string} */
                    code: "too_many_requests";
                };
            };
        };
        /** @description `source_unknown`: The source is not known. */
        SourceUnknown: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 404;
                    /** @enum {string} */
                    code: "source_unknown";
                };
            };
        };
        /** @description `key_missing`: The API key is missing. `key_unknown`: The API key is not known. */
        KeyMissingOrKeyUnknown: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 401;
                    /** @enum {string} */
                    code: "key_missing" | "key_unknown";
                };
            };
        };
        /** @description `role_not_allowed`: The key’s role does not allow this. */
        RoleNotAllowed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 403;
                    /** @enum {string} */
                    code: "role_not_allowed";
                };
            };
        };
        /** @description `database_unavailable`: The database is unavailable. `overloaded`: Too many bodies are arriving. `stopping`: The process is stopping. */
        DatabaseUnavailableOrOverloadedOrStopping: {
            headers: {
                /** @description Seconds after which to send it again. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 503;
                    /** @enum {string} */
                    code: "database_unavailable" | "overloaded" | "stopping";
                };
            };
        };
        /** @description `invalid_request`: The request is not valid. */
        InvalidRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {string} */
                    code: "invalid_request";
                };
            };
        };
        /** @description `database_unavailable`: The database is unavailable. `answer_too_slow`: The answer takes too long. `stopping`: The process is stopping. */
        DatabaseUnavailableOrAnswerTooSlowOrStopping: {
            headers: {
                /** @description Seconds after which to send it again. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 503;
                    /** @enum {string} */
                    code: "database_unavailable" | "answer_too_slow" | "stopping";
                };
            };
        };
        /** @description `invalid_request`: The request is not valid. `not_a_report`: The body is not a report. */
        InvalidRequestOrNotAReport: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {string} */
                    code: "invalid_request" | "not_a_report";
                };
            };
        };
        /** @description `stopping`: The process is stopping. `database_unavailable`: The database is unavailable. */
        StoppingOrDatabaseUnavailable: {
            headers: {
                /** @description Seconds after which to send it again. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 503;
                    /** @enum {string} */
                    code: "stopping" | "database_unavailable";
                };
            };
        };
        /** @description `signature_missing`: The signature is missing. `signature_invalid`: The signature is wrong. */
        SignatureMissingOrSignatureInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 401;
                    /** @enum {string} */
                    code: "signature_missing" | "signature_invalid";
                };
            };
        };
        /** @description `provider_unknown`: The provider is not known. `provider_not_configured`: The provider’s reports are not configured. */
        ProviderUnknownOrProviderNotConfigured: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 404;
                    /** @enum {string} */
                    code: "provider_unknown" | "provider_not_configured";
                };
            };
        };
        /** @description `invalid_request`: The request is not valid. `malformed_json`: The body is not JSON. `not_a_report`: The body is not a report. */
        InvalidRequestOrMalformedJsonOrNotAReport: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {string} */
                    code: "invalid_request" | "malformed_json" | "not_a_report";
                };
            };
        };
        /** @description `link_invalid`: The link is not valid. */
        LinkInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 401;
                    /** @enum {string} */
                    code: "link_invalid";
                };
            };
        };
        /** @description `invalid_request`: The request is not valid. `malformed_json`: The body is not JSON. */
        InvalidRequestOrMalformedJson: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {string} */
                    code: "invalid_request" | "malformed_json";
                };
            };
        };
        /** @description `not_found`: It does not exist. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 404;
                    /** @enum {string} */
                    code: "not_found";
                };
            };
        };
        /** @description `database_unavailable`: The database is unavailable. `answer_too_slow`: The answer takes too long. `overloaded`: Too many bodies are arriving. `stopping`: The process is stopping. */
        DatabaseUnavailableOrAnswerTooSlowOrOverloadedOrStopping: {
            headers: {
                /** @description Seconds after which to send it again. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 503;
                    /** @enum {string} */
                    code: "database_unavailable" | "answer_too_slow" | "overloaded" | "stopping";
                };
            };
        };
        /** @description `database_unavailable`: The database is unavailable. `stopping`: The process is stopping. */
        DatabaseUnavailableOrStopping: {
            headers: {
                /** @description Seconds after which to send it again. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 503;
                    /** @enum {string} */
                    code: "database_unavailable" | "stopping";
                };
            };
        };
        /** @description `conflict`: Its state does not allow this. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 409;
                    /** @enum {string} */
                    code: "conflict";
                };
            };
        };
        /** @description `event_invalid`: The event is not valid. */
        EventInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 422;
                    /** @enum {string} */
                    code: "event_invalid";
                };
            };
        };
        /** @description `copy_invalid`: The copy has faults. */
        CopyInvalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 422;
                    /** @enum {string} */
                    code: "copy_invalid";
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alive"];
                };
            };
            500: components["responses"]["InternalError"];
            503: components["responses"]["Stopping"];
            default: components["responses"]["Problem"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
            500: components["responses"]["InternalError"];
            503: components["responses"]["Stopping"];
            default: components["responses"]["Problem"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            500: components["responses"]["InternalError"];
            503: components["responses"]["Stopping"];
            default: components["responses"]["Problem"];
        };
    };
    receiveVendorWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                source: "stripe" | "razorpay";
            };
            cookie?: never;
        };
        /** @description As the vendor signs it. */
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJsonOrNotAnEvent"];
            401: components["responses"]["SignatureMissingOrSignatureInvalidOrTimestampOutOfTolerance"];
            404: components["responses"]["SourceUnknownOrSourceNotConfigured"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            422: components["responses"]["EventInvalidOrEventTooMuch"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["OverloadedOrStoppingOrDatabaseUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    receiveAppWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its name in `APP_WEBHOOK_SECRETS`. */
                app: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostedEvent"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJsonOrNotAnEvent"];
            401: components["responses"]["SignatureMissingOrSignatureInvalidOrTimestampOutOfTolerance"];
            404: components["responses"]["SourceUnknown"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            422: components["responses"]["EventInvalidOrEventTooMuch"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["OverloadedOrStoppingOrDatabaseUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Our type, or the source’s own. */
                type?: string;
                /** @description Another name of `type`. */
                eventType?: string;
                source?: string;
                status?: "accepted" | "planned" | "ignored" | "failed";
                reference?: string;
                since?: string;
                until?: string;
                /** @description How many rows an answer has at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    postEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat a duplicate, at any later time; at most 256 characters. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostedEvent"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJsonOrNotAnEvent"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            422: components["responses"]["EventInvalidOrEventTooMuch"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrOverloadedOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    reportByGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: "resend" | "sendgrid" | "mailgun" | "twilio" | "vonage" | "msg91" | "fast2sms";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportTaken"];
                };
            };
            400: components["responses"]["InvalidRequestOrNotAReport"];
            401: components["responses"]["SignatureMissingOrSignatureInvalid"];
            404: components["responses"]["ProviderUnknownOrProviderNotConfigured"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["StoppingOrDatabaseUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    reportByPut: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: "resend" | "sendgrid" | "mailgun" | "twilio" | "vonage" | "msg91" | "fast2sms";
            };
            cookie?: never;
        };
        /** @description As the provider posts it. */
        requestBody: {
            content: {
                "application/json": unknown;
                "application/x-www-form-urlencoded": unknown;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportTaken"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJsonOrNotAReport"];
            401: components["responses"]["SignatureMissingOrSignatureInvalid"];
            404: components["responses"]["ProviderUnknownOrProviderNotConfigured"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["OverloadedOrStoppingOrDatabaseUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    report: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: "resend" | "sendgrid" | "mailgun" | "twilio" | "vonage" | "msg91" | "fast2sms";
            };
            cookie?: never;
        };
        /** @description As the provider posts it. */
        requestBody: {
            content: {
                "application/json": unknown;
                "application/x-www-form-urlencoded": unknown;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportTaken"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJsonOrNotAReport"];
            401: components["responses"]["SignatureMissingOrSignatureInvalid"];
            404: components["responses"]["ProviderUnknownOrProviderNotConfigured"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["OverloadedOrStoppingOrDatabaseUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    receiveText: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: "twilio";
            };
            cookie?: never;
        };
        /** @description As the provider posts it. */
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": unknown;
            };
        };
        responses: {
            /** @description Taken; a document without instructions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/xml": string;
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJsonOrNotAReport"];
            401: components["responses"]["SignatureMissingOrSignatureInvalid"];
            404: components["responses"]["ProviderUnknownOrProviderNotConfigured"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["OverloadedOrStoppingOrDatabaseUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    showUnsubscribePage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Names the person and the channel; it is the only credential. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page for people */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["LinkInvalid"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["StoppingOrDatabaseUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    unsubscribe: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Names the person and the channel; it is the only credential. */
                token: string;
            };
            cookie?: never;
        };
        /** @description Some mail programs leave it out. */
        requestBody?: {
            content: {
                "application/x-www-form-urlencoded": {
                    /** @enum {string} */
                    "List-Unsubscribe"?: "One-Click";
                };
                "multipart/form-data": {
                    /** @enum {string} */
                    "List-Unsubscribe"?: "One-Click";
                };
            };
        };
        responses: {
            /** @description Unsubscribed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Back to the page */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJson"];
            401: components["responses"]["LinkInvalid"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["OverloadedOrStoppingOrDatabaseUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /** @description A recipient’s id or address. */
                recipient?: string;
                reference?: string;
                notifier?: string;
                channel?: components["schemas"]["Channel"];
                state?: components["schemas"]["NotificationState"];
                provider?: string;
                /** @description Our type, or the source’s own. */
                eventType?: string;
                /** @description The older name of `eventType`. */
                event_type?: string;
                source?: string;
                since?: string;
                until?: string;
                /** @description Only those that are `failed` and were given up since then, the latest of them first. */
                givenUpSince?: string;
                /** @description Show addresses and message bodies to a viewer; the access is recorded. */
                reveal?: boolean;
                /** @description How many rows an answer has at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationList"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    getNotification: {
        parameters: {
            query?: {
                /** @description Also the rendered message. */
                include?: "message";
                /** @description Show addresses and message bodies to a viewer; the access is recorded. */
                reveal?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationAudit"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    getEvent: {
        parameters: {
            query?: {
                /** @description Show addresses to a viewer; the access is recorded. */
                reveal?: boolean;
                /** @description The most characters of the body; by default all. */
                bodyLimit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventAudit"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    explainEvent: {
        parameters: {
            query?: {
                /** @description The event’s source: an app, `stripe` or `razorpay`. */
                source?: string;
                /** @description Show addresses to a viewer; the access is recorded. */
                reveal?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description An event, or the vendor’s own body. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostedEvent"] | Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJsonOrNotAnEvent"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            422: components["responses"]["EventInvalidOrEventTooMuch"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrOverloadedOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    retryNotification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationAudit"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    cancelNotification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationAudit"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    settleNotification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Settlement"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationAudit"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJson"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrOverloadedOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    cancelNotifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Cancellation"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cancelled"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJson"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrOverloadedOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    settleNotifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Settlements"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settled"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJson"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrOverloadedOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    replayEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EventReplay"] | null;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventReplayed"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJson"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrOverloadedOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    listReplays: {
        parameters: {
            query?: {
                /** @description How many rows an answer has at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayList"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    createReplay: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewReplay"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"] | components["schemas"]["PlannedReplay"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJson"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrOverloadedOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    getReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    listQueues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueList"];
                };
            };
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    listProviders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderList"];
                };
            };
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    pauseProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    resumeProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    listSchedules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleList"];
                };
            };
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    runSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description With or without the prefix `schedule.`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleRun"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    listSuppressions: {
        parameters: {
            query?: {
                /** @description Only the reasons of this address. */
                address?: string;
                /** @description Show addresses to a viewer; the access is recorded. */
                reveal?: boolean;
                /** @description How many rows an answer has at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuppressionList"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    getSuppression: {
        parameters: {
            query?: {
                /** @description Show addresses to a viewer; the access is recorded. */
                reveal?: boolean;
            };
            header?: never;
            path: {
                channel: "email" | "sms";
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Suppression"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    putSuppression: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel: "email" | "sms";
                address: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSuppression"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Suppression"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJson"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrOverloadedOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    removeSuppression: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel: "email" | "sms";
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    getPreferences: {
        parameters: {
            query?: {
                /** @description The app that the id belongs to, with `RECIPIENT_IDS=per-app`. Default: the key’s name. */
                app?: string;
            };
            header?: never;
            path: {
                recipientId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preferences"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    setPreferences: {
        parameters: {
            query?: {
                /** @description The app that the id belongs to, with `RECIPIENT_IDS=per-app`. Default: the key’s name. */
                app?: string;
            };
            header?: never;
            path: {
                recipientId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreferencesChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preferences"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJson"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrOverloadedOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    exportRecipient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A recipient’s id, email address or phone number, in any spelling. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonExport"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    eraseRecipient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A recipient’s id, email address or phone number, in any spelling. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erased"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    listNotifiers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotifierList"];
                };
            };
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    previewNotifier: {
        parameters: {
            query?: {
                format?: "html" | "text" | "sms";
                locale?: string;
                /** @description Use the drafts of its copy as if they were published. */
                draft?: boolean;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The email’s HTML or plain text, or the SMS */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                    "text/plain": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    previewData: {
        parameters: {
            query?: {
                format?: "html" | "text" | "sms";
                locale?: string;
                /** @description Use the drafts of its copy as if they were published. */
                draft?: boolean;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewData"];
            };
        };
        responses: {
            /** @description The email’s HTML or plain text, or the SMS */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                    "text/plain": string;
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJson"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTooSlow"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            422: components["responses"]["EventInvalid"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrOverloadedOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    listCopy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CopyPlaceList"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    getCopy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                locale: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Copy"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrAnswerTooSlowOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    draftCopy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                locale: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCopyDraft"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Copy"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJson"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            422: components["responses"]["CopyInvalid"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrOverloadedOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    publishCopy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                locale: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Publication"] | null;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Copy"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJson"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            422: components["responses"]["CopyInvalid"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrOverloadedOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    revertCopy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                locale: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Reversion"] | null;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Copy"];
                };
            };
            400: components["responses"]["InvalidRequestOrMalformedJson"];
            401: components["responses"]["KeyMissingOrKeyUnknown"];
            403: components["responses"]["RoleNotAllowed"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTooSlow"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["ContentTypeNotSupported"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["DatabaseUnavailableOrOverloadedOrStopping"];
            default: components["responses"]["Problem"];
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenApi"];
                };
            };
            500: components["responses"]["InternalError"];
            503: components["responses"]["Stopping"];
            default: components["responses"]["Problem"];
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            500: components["responses"]["InternalError"];
            503: components["responses"]["Stopping"];
            default: components["responses"]["Problem"];
        };
    };
    onNotification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotificationCallback"];
            };
        };
        responses: {
            /** @description Ends this callback */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Acknowledged */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is sent again later */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onPaymentTimedOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaymentTimedOutCallback"];
            };
        };
        responses: {
            /** @description Ends this callback */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Acknowledged */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is sent again later */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleCallback"];
            };
        };
        responses: {
            /** @description Ends this callback */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Acknowledged */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is sent again later */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
