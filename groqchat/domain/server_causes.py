"""What a server may say no to: keys, permissions, models, sizes, limits, requests, itself."""

from __future__ import annotations

from groqchat.domain.cause import Action, Cause, Retry
from groqchat.domain.errors import ErrorKind

_MODEL_TOO = (Action.RETRY, Action.SWITCH_MODEL, Action.DETAILS)
_SHRINK = (Action.SHORTEN, Action.SWITCH_MODEL, Action.DETAILS)
_KEY = (Action.NEW_KEY, Action.RETRY, Action.DETAILS)
_PARAMETER = (Action.DROP_PARAMETER, Action.SWITCH_MODEL, Action.DETAILS)

SERVER_CAUSES = (
    # -- keys -----------------------------------------------------------------------------------
    Cause(
        "no_key", ErrorKind.NO_KEY, "No API key",
        "There is no API key for this profile.",
        "Enter one with /keys, or set GROQ_API_KEY.",
        "Keep the key in the system keyring or a secret manager.",
        actions=(Action.NEW_KEY,),
        command_fix="Set GROQ_API_KEY, run `groqchat key add`, or try `groqchat --demo`.",
    ),
    Cause(
        "no_vendor_key", ErrorKind.NO_KEY, "No API key for {vendor}",
        "There is no API key for {vendor} in the keyring.",
        "Store one with `groqchat key add --profile {parameter}`.",
        "Keep the keys of all vendors that may stand in, and check them at start-up.",
        actions=(Action.DETAILS,),
    ),
    Cause(
        "key_malformed", ErrorKind.KEY_REJECTED, "Not a usable key",
        "The key holds characters that cannot be sent: {detail}.",
        "Copy it again from {keys_page}.",
        "Store the key without line breaks or quotes around it.",
        actions=_KEY,
    ),
    Cause(
        "key_rejected", ErrorKind.KEY_REJECTED, "Key rejected",
        "{vendor} does not know this API key.",
        "Enter another key, or make one at {keys_page}.",
        "Check keys at start-up and rotate them before they are revoked.",
        actions=_KEY,
        command_fix="Store another with `groqchat key add`, or make one at {keys_page}.",
    ),
    # -- permission -----------------------------------------------------------------------------
    Cause(
        "forbidden", ErrorKind.NOT_PERMITTED, "Not permitted",
        "The key is valid, but this is not allowed for it: {detail}.",
        "Ask an admin of the organisation, or use another key or model.",
        "Give each key only the models and projects it needs, and check them at start-up.",
        actions=(Action.SWITCH_MODEL, Action.NEW_KEY, Action.DETAILS),
        command_fix="Ask an admin of the organisation, or use another key (--profile) or --model.",
    ),
    Cause(
        "payment_required", ErrorKind.NOT_PERMITTED, "Payment required",
        "{vendor} wants to be paid first: {detail}.",
        "Add credit to the account, or use another key.",
        "Watch the account's balance.",
        actions=_KEY,
    ),
    Cause(
        "model_blocked_org", ErrorKind.NOT_PERMITTED, "Model blocked for the organisation",
        "Your organisation does not allow {model}.",
        "Switch to another model, or have an organisation admin enable it.",
        "Read the allowed models from the account's own list.",
        actions=(Action.SWITCH_MODEL, Action.NEW_KEY, Action.DETAILS),
        command_fix="Choose another --model, or have an organisation admin enable it.",
    ),
    Cause(
        "model_blocked_project", ErrorKind.NOT_PERMITTED, "Model blocked for the project",
        "The project of this key does not allow {model}.",
        "Switch to another model, or have a project admin enable it.",
        "Read the allowed models from the account's own list.",
        actions=(Action.SWITCH_MODEL, Action.NEW_KEY, Action.DETAILS),
        command_fix="Choose another --model, or have a project admin enable it.",
    ),
    Cause(
        "terms_required", ErrorKind.NOT_PERMITTED, "Terms not accepted",
        "{model} needs its terms accepted by an organisation admin first.",
        "An admin of the organisation accepts them at {terms_page}.",
        "Accept the terms of every model before it is used by a program.",
        actions=(Action.SWITCH_MODEL, Action.RETRY, Action.DETAILS),
    ),
    Cause(
        "spend_blocked", ErrorKind.NOT_PERMITTED, "Spend limit reached",
        "The organisation's own spend limit at {vendor} is reached: every request is refused.",
        "Raise it at {billing_page}, or wait for the 1st of the month.",
        "Keep a buffer: spending is counted minutes late.",
        actions=(Action.NEW_KEY, Action.RETRY, Action.DETAILS),
    ),
    Cause(
        "organization_restricted", ErrorKind.NOT_PERMITTED, "Organisation restricted",
        "{vendor} has restricted this organisation.",
        "Write to {vendor}'s support, or use a key of another organisation.",
        "Keep a second provider for traffic that matters.",
        actions=(Action.NEW_KEY, Action.DETAILS),
        command_fix="Write to {vendor}'s support, or use another organisation's key (--profile).",
    ),
    # -- models ---------------------------------------------------------------------------------
    Cause(
        "model_not_found", ErrorKind.MODEL_GONE, "Model not found",
        "{model} does not exist, or your account has no access to it.",
        "Switch to {replacement} and send again.",
        "Take model ids from the live list; they change within weeks.",
        actions=(Action.SWITCH_MODEL, Action.DETAILS),
        command_fix="Choose {replacement} with --model and send again.",
    ),
    Cause(
        "model_decommissioned", ErrorKind.MODEL_GONE, "Model retired",
        "{model} has been shut down by {vendor}.",
        "Switch to {replacement} and send again.",
        "Watch the deprecation list; prefer production models.",
        actions=(Action.SWITCH_MODEL, Action.DETAILS),
        command_fix="Choose {replacement} with --model and send again.",
    ),
    # -- too large ------------------------------------------------------------------------------
    Cause(
        "too_large", ErrorKind.TOO_LARGE, "Request too large",
        "This request is larger than its limit ever allows{numbers}. Waiting does not help.",
        "Shorten the prompt or the history, ask for a shorter answer, or switch model.",
        "Count tokens before sending; the answer's maximum is counted up front.",
        actions=_SHRINK,
        command_fix="Shorten the prompt, lower --max-tokens, or choose another --model.",
    ),
    Cause(
        "output_too_large", ErrorKind.TOO_LARGE, "Answer limit too large",
        "The answer asked for is larger than the output limit allows{numbers}. "
        "Waiting does not help.",
        "Lower the maximum answer length, or switch model.",
        "Keep max_completion_tokens under the model's output limit per minute.",
        actions=_SHRINK,
        command_fix="Lower --max-tokens, or choose another --model.",
    ),
    Cause(
        "context_exceeded", ErrorKind.TOO_LARGE, "Conversation too long",
        "The conversation no longer fits the context window of {model}.",
        "Drop the oldest turns, start a new session, or switch to a larger model.",
        "Trim or summarise the history before it reaches the window.",
        actions=_SHRINK,
        command_fix="Begin a new session (no -c, no --session), or choose a larger --model.",
    ),
    Cause(
        "body_too_large", ErrorKind.TOO_LARGE, "Request body too large",
        "The request has more bytes than the server takes.",
        "Shorten the prompt or attach less.",
        "Split large inputs into several requests.",
        actions=_SHRINK,
    ),
    # -- limits ---------------------------------------------------------------------------------
    Cause(
        "rate_limited", ErrorKind.RATE_LIMITED, "Rate limit reached",
        "{model} is at {its_limit}.",
        "Send again {wait}, or switch to a model with room.",
        "Follow requests and tokens per minute and per day for each model, and queue.",
        Retry.AS_TOLD,
        (Action.RETRY, Action.WAIT, Action.SWITCH_MODEL, Action.DETAILS),
        command_fix="Send again {wait}, or choose a --model with room; --max-wait waits longer.",
    ),
    Cause(
        "no_room_yet", ErrorKind.RATE_LIMITED, "No room yet",
        "This request does not fit {model}'s limits yet{numbers}. Nothing was sent.",
        "It fits {wait}; or switch to a model with room.",
        "Follow requests and tokens per minute and per day for each model, and queue.",
        Retry.AS_TOLD,
        (Action.WAIT, Action.SWITCH_MODEL, Action.SEND_ANYWAY, Action.DETAILS),
        command_fix="It fits {wait}; --max-wait waits that long. Or choose a --model with room.",
    ),
    Cause(
        "never_fits", ErrorKind.TOO_LARGE, "Request too large",
        "This request can never fit{numbers}. Nothing was sent.",
        "Shorten the prompt or the history, or switch to a model with a larger limit.",
        "Count tokens before sending; the answer's maximum is counted up front.",
        actions=(*_SHRINK, Action.SEND_ANYWAY),
        command_fix="Shorten the prompt, or choose a --model with a larger limit.",
    ),
    Cause(
        "over_budget", ErrorKind.OVER_BUDGET, "Budget reached",
        "Your own budget is spent: {detail}.",
        "Send this one anyway, or raise the budget with /budget.",
        "Leave a buffer below the vendor's own spend limit.",
        actions=(Action.SEND_ANYWAY, Action.DETAILS),
        command_fix="--over-budget sends this one anyway; [budget] in config.toml raises it.",
    ),
    Cause(
        "budget_held", ErrorKind.OVER_BUDGET, "Budget held",
        "What is left of your own budget is held for requests under way, so nothing was sent: "
        "{detail}.",
        "Send it again when they have ended, or send it anyway.",
        "Send fewer requests at once, or raise the budget.",
        actions=(Action.RETRY, Action.SEND_ANYWAY, Action.DETAILS),
        command_fix="Send it again when they have ended; --over-budget sends it anyway.",
    ),
    Cause(
        "budget_short", ErrorKind.OVER_BUDGET, "Budget too low",
        "Your own budget has too little left for this request, so nothing was sent: {detail}.",
        "Send this one anyway, or raise the budget with /budget.",
        "Leave a buffer below Groq's own spend limit.",
        actions=(Action.SEND_ANYWAY, Action.DETAILS),
        command_fix="--over-budget sends this one anyway; [budget] in config.toml raises it.",
    ),
    Cause(
        "tier_full", ErrorKind.TIER_FULL, "Flex capacity exceeded",
        "The flex tier has no capacity right now.",
        "Retry in a moment, or use the on_demand tier.",
        "Back off with jitter and fall back to on_demand.",
        Retry.BACKOFF,
        _MODEL_TOO,
        command_fix="Retry in a moment, or use --tier on_demand.",
    ),
    # -- requests -------------------------------------------------------------------------------
    Cause(
        "invalid_request", ErrorKind.INVALID_REQUEST, "Request refused",
        "{vendor} refused the request: {detail}.",
        "Change the request; sending it again as it is will not help.",
        "Validate requests against what this server supports, not against another one.",
        actions=_MODEL_TOO,
    ),
    Cause(
        "parameter_refused", ErrorKind.INVALID_REQUEST, "Parameter refused",
        "{model} does not take {parameter}: {detail}.",
        "Drop {parameter} and send again{allowed}.",
        "Send each model only the parameters it knows.",
        actions=_PARAMETER,
        command_fix="Leave {parameter} out and send again{allowed}.",
    ),
    Cause(
        "generation_failed", ErrorKind.INVALID_REQUEST, "Generation failed",
        "The model produced something the request's rules do not allow: {detail}.",
        "Try again, or loosen the format that was asked for.",
        "Expect this with tools and JSON: retry once, then repair.",
        actions=_MODEL_TOO,
    ),
    Cause(
        "not_found", ErrorKind.INVALID_REQUEST, "Not found",
        "The server does not know this address or resource: {detail}.",
        "Check {address_setting}: it is {address_form}.",
        "Keep the address in one place and test it at start-up.",
    ),
    Cause(
        "headers_too_large", ErrorKind.INVALID_REQUEST, "Headers too large",
        "The server does not take headers of this size: {detail}.",
        "Shorten what adds them: GROQ_CUSTOM_HEADERS, or a gateway in between.",
        "Keep headers of your own few and short.",
    ),
    Cause(
        "unprocessable", ErrorKind.INVALID_REQUEST, "Request not processable",
        "{vendor} understood the request but could not process it: {detail}.",
        "Try again once; if it stays, change the prompt or the parameters.",
        "Validate inputs; retry by the kind of task.",
    ),
    Cause(
        "failed_dependency", ErrorKind.INVALID_REQUEST, "A tool's own service failed",
        "A service that the request depends on failed: {detail}.",
        "Check the credentials of the remote tool, then retry.",
        "Watch remote tools apart from the model.",
    ),
    # -- service --------------------------------------------------------------------------------
    Cause(
        "over_capacity", ErrorKind.SERVICE_ERROR, "Model over capacity",
        "{model} is over capacity at {vendor} right now.",
        "Retry in a moment or switch model; {status_page} shows incidents.",
        "Back off exponentially, then use another model.",
        Retry.BACKOFF,
        _MODEL_TOO,
        command_fix="Retry in a moment or choose another --model; {status_page} shows incidents.",
    ),
    Cause(
        "service_error", ErrorKind.SERVICE_ERROR, "{vendor} has trouble",
        "The service failed on its side; nothing is charged.",
        "Retry in a moment; {status_page} shows incidents.",
        "Retry a few times with backoff, then break the circuit and use another route.",
        Retry.BACKOFF,
        _MODEL_TOO,
    ),
    Cause(
        "not_now", ErrorKind.SERVICE_ERROR, "Not now",
        "The server cannot take this request at the moment: {detail}.",
        "Retry in a moment.",
        "Retry a few times with backoff.",
        Retry.BACKOFF,
    ),
    Cause(
        "cancelled", ErrorKind.SERVICE_ERROR, "Cancelled on its way",
        "Something between here and the server gave the request up: {detail}.",
        "Retry; if it stays, look at the proxy or gateway in between.",
        "Give gateways longer than the longest answer takes.",
    ),
    Cause(
        "not_supported", ErrorKind.SERVICE_ERROR, "The server cannot do this",
        "The server cannot serve this request, now or later: {detail}.",
        "Check {address_setting}, or tell whoever runs that server.",
        "Try what a server can do before it is relied on.",
    ),
    Cause(
        "circuit_open", ErrorKind.SERVICE_ERROR, "Paused after failures",
        "{model} failed {detail}; it is left alone for a while.",
        "It is tried again {wait}; or switch model, or send anyway.",
        "Break the circuit in an outage, probe with one request, and use another route.",
        Retry.AS_TOLD,
        (Action.WAIT, Action.SWITCH_MODEL, Action.SEND_ANYWAY, Action.DETAILS),
        command_fix="It is tried again {wait}; or choose another --model.",
    ),
)  # fmt: skip
