"""The causes of the table for the network, for broken answers, and for this machine."""

from __future__ import annotations

from groqchat.domain.errors.cause import Action, Cause, ErrorKind, Retry

_KEY = (Action.NEW_KEY, Action.RETRY, Action.DETAILS)
_GO_ON = "Send it again, or go on from what arrived: `groqchat ask -c 'Go on'`."
_STREAM = (Action.CONTINUE, Action.RETRY, Action.DETAILS)

LOCAL_CAUSES = (
    # -- network --------------------------------------------------------------------------------
    Cause(
        "no_key_there", ErrorKind.NO_KEY, "No API key",
        "There is no API key for the profile {parameter}.",
        "Enter one with /keys, or set GROQ_API_KEY.",
        "Name the profile whose key is meant.",
        actions=(Action.NEW_KEY,),
        command_fix="Set GROQ_API_KEY, run `groqchat key add`, or try `groqchat --demo`.",
    ),
    Cause(
        "network_refused", ErrorKind.UNREACHABLE, "Network not accepted",
        "{vendor} refuses requests from this network (VPN, data centre or region); "
        "the key is not the reason.",
        "Check your network settings: switch the VPN or proxy off, or use another network.",
        "Send from an address in a supported region.",
    ),
    Cause(
        "cloudflare_blocked", ErrorKind.UNREACHABLE, "Blocked by Cloudflare",
        "Cloudflare, in front of {vendor}, blocked this connection; the key is not the reason.",
        "Check the proxy or VPN and try again.",
        "Use an ordinary client and network; odd User-Agents are refused.",
    ),
    Cause(
        "connection_failed", ErrorKind.UNREACHABLE, "Cannot reach the server",
        "No connection to the server: {detail}.",
        "Check the network, the proxy variables and {address_setting}, then retry.",
        "Retry with backoff; keep a second route.",
        Retry.BACKOFF,
    ),
    Cause(
        "connection_lost", ErrorKind.UNREACHABLE, "Connection lost",
        "The connection broke after the request was sent, before an answer came: {detail}.",
        "Send it again. groqchat does not do so by itself, since the server may have read it.",
        "Repeat by itself only what cannot have been read.",
    ),
    Cause(
        "dns_failed", ErrorKind.UNREACHABLE, "Name not found",
        "The server's name could not be resolved: {detail}.",
        "Check the network and {address_setting}.",
        "Watch name resolution where the program runs.",
        Retry.BACKOFF,
    ),
    Cause(
        "tls_failed", ErrorKind.UNREACHABLE, "No secure connection",
        "The secure connection failed: {detail}.",
        "A proxy or antivirus may intercept TLS: set SSL_CERT_FILE to its certificate.",
        "Ship the certificates of your network's proxy.",
    ),
    Cause(
        "proxy_failed", ErrorKind.UNREACHABLE, "The proxy refused",
        "The proxy between here and the server did not let the request through: {detail}.",
        "Check HTTPS_PROXY, ALL_PROXY and NO_PROXY, and the sign-in they may need.",
        "Check at start-up that the proxy lets requests to the API through.",
    ),
    Cause(
        "page_unreachable", ErrorKind.UNREACHABLE, "Page not reached",
        "{detail}.",
        "Check the address and the network; nothing was sent to the model.",
        "Fetch pages before the program asks about them.",
        actions=(Action.DETAILS,),
    ),
    Cause(
        "proxy_unreadable", ErrorKind.UNREACHABLE, "No usable proxy address",
        "The address of the proxy cannot be used: {detail}.",
        "Write it as http://host:port or socks5://host:port, or unset {parameter}.",
        "Check at start-up that the proxy lets requests to the API through.",
        actions=(Action.DETAILS,),
    ),
    Cause(
        "certificates_unreadable", ErrorKind.UNREACHABLE, "Certificates not readable",
        "{parameter} names certificates that cannot be read: {detail}.",
        "Correct {parameter}, or unset it to use the bundled certificates.",
        "Check at start-up that the certificates are where they are looked for.",
        actions=(Action.DETAILS,),
    ),
    Cause(
        "address_malformed", ErrorKind.UNREACHABLE, "No usable address",
        "The server's address cannot be used: {detail}.",
        "Write {address_setting} as {address_form}.",
        "Keep the address in one place and test it at start-up.",
        actions=(Action.DETAILS,),
    ),
    Cause(
        "timed_out", ErrorKind.UNREACHABLE, "No answer in time",
        "The server did not answer in time.",
        "Retry; if this goes on: {incidents}.",
        "Bound every wait; what was sent may have been read and charged.",
    ),
    Cause(
        "not_groq", ErrorKind.UNREACHABLE, "Not an API answer",
        "Something answered that is not the API (a login page or proxy?).",
        "Check {address_setting} and whether this network needs a sign-in.",
        "Check the content type of answers.",
    ),
    Cause(
        "network_sign_in", ErrorKind.UNREACHABLE, "A sign-in is needed",
        "The network or a gateway requires a sign-in: {detail}.",
        "Sign in to it in a browser, then retry.",
        "Run programs where no one has to sign in to the network.",
    ),
    Cause(
        "client_unknown", ErrorKind.UNREACHABLE, "A certificate is needed",
        "The gateway asks for a client certificate: {detail}.",
        "Check {address_setting}; groqchat cannot send client certificates.",
        "Reach the API by an address that asks for nothing but the key.",
        actions=(Action.DETAILS,),
    ),
    Cause(
        "address_refused", ErrorKind.UNREACHABLE, "Wrong protocol",
        "The server expects another protocol: {detail}.",
        "Begin {address_setting} with https:// instead of http://, or the other way round.",
        "Keep the address in one place and test it at start-up.",
        actions=(Action.DETAILS,),
    ),
    Cause(
        "encoding_unasked", ErrorKind.STREAM_BROKEN, "Answer in an unknown encoding",
        "The answer has an encoding that groqchat did not request and cannot read: {detail}.",
        "Check the proxy or gateway: it must not change answers.",
        "Pack answers only as the request's Accept-Encoding allows.",
    ),
    Cause(
        "redirected", ErrorKind.UNREACHABLE, "Sent elsewhere",
        "The server redirects to another address: {detail}. Nothing was sent there.",
        "Open it in a browser: it may be this network's sign-in. Otherwise correct {parameter}.",
        "Send to an API by its final address; redirects may take prompts elsewhere.",
    ),
    Cause(
        "redirect_loop", ErrorKind.UNREACHABLE, "Redirects in a circle",
        "The server redirects to itself and answers nothing.",
        "Check {address_setting}, its path too, and the server's own settings.",
        "Bound the redirects that are followed.",
        actions=(Action.DETAILS,),
    ),
    # -- streams --------------------------------------------------------------------------------
    Cause(
        "stream_cut", ErrorKind.STREAM_BROKEN, "Answer cut off",
        "The connection ended before the answer did; what arrived is kept.",
        "Continue it, or try again.",
        "Treat an answer without finish_reason as incomplete.",
        actions=_STREAM,
        command_fix=_GO_ON,
    ),
    Cause(
        "stream_empty", ErrorKind.STREAM_BROKEN, "No answer came",
        "The connection ended before the answer began.",
        "Send it again.",
        "Treat an answer without finish_reason as incomplete.",
    ),
    Cause(
        "stream_stalled", ErrorKind.STREAM_BROKEN, "Answer stalled",
        "Nothing more arrived for too long; what arrived is kept.",
        "Continue it, or try again.",
        "Bound the gap between two pieces of a stream.",
        actions=_STREAM,
        command_fix=_GO_ON,
    ),
    Cause(
        "stream_error", ErrorKind.STREAM_BROKEN, "Answer broken off by {vendor}",
        "{vendor} reported an error in the middle of the answer: {detail}. What arrived is kept.",
        "Continue it, or try again.",
        "Handle error events inside streams.",
        actions=_STREAM,
        command_fix=_GO_ON,
    ),
    Cause(
        "stream_garbled", ErrorKind.STREAM_BROKEN, "Answer garbled",
        "The stream could not be read any further; what arrived is kept.",
        "Try again; if this goes on, check the proxy.",
        "Read streams tolerantly and keep what was read.",
        actions=_STREAM,
    ),
    # -- before anything is sent ----------------------------------------------------------------
    Cause(
        "set_budget_short", ErrorKind.OVER_BUDGET, "Budget of the set reached",
        "What is left of --budget is too little for the next request, which was not sent: "
        "{detail}.",
        "Give the set a higher budget and run it again; it goes on where it ended.",
        "Choose the budget by the estimate that is printed first.",
        actions=(Action.DETAILS,),
        command_fix="Run it again with a higher --budget, which --over-budget does not lift; it "
        "goes on where it ended.",
    ),
    Cause(
        "beyond_window", ErrorKind.TOO_LARGE, "Prompt too long",
        "This prompt, as estimated, can never fit the context window of {model}{numbers} tokens. "
        "Nothing was sent.",
        "Shorten the prompt, attach less, or /compact the conversation.",
        "Count tokens before sending, and keep prompts below the model's context window.",
        actions=(Action.SHORTEN, Action.SWITCH_MODEL, Action.SEND_ANYWAY, Action.DETAILS),
        command_fix="Shorten the prompt, attach less, or begin a new session (no -c or --session).",
    ),
    # -- this machine ---------------------------------------------------------------------------
    Cause(
        "database", ErrorKind.STORAGE, "Database trouble",
        "The database could not be used: {detail}.",
        "Look at `groqchat doctor`.",
        "Keep the data folder on a local, writable disk.",
        actions=(Action.RETRY, Action.DETAILS),
    ),
    Cause(
        "disk", ErrorKind.STORAGE, "Disk trouble",
        "This could not be written: {detail}.",
        "Free space or fix the permissions of the folder, then retry.",
        "Watch the free space.",
        actions=(Action.RETRY, Action.DETAILS),
    ),
    Cause(
        "set_in_use", ErrorKind.STORAGE, "Set already being asked",
        "Another groqchat is asking the prompts of {detail} right now, so nothing was sent.",
        "`--report` shows how far it has come.",
        "Run one process for each file of prompts.",
        actions=(Action.RETRY, Action.DETAILS),
    ),
    Cause(
        "database_in_use", ErrorKind.STORAGE, "Another groqchat is running",
        "Another groqchat uses {detail} right now, so nothing was restored.",
        "End it, and run this again.",
        "Restore while no groqchat runs.",
        actions=(Action.DETAILS,),
    ),
    Cause(
        "batch_in_use", ErrorKind.STORAGE, "Batch already being submitted",
        "Another groqchat is submitting this batch right now, so nothing was sent twice.",
        "`groqchat batch list` shows how far it has come.",
        "Submit a file in one process.",
        actions=(Action.RETRY, Action.DETAILS),
    ),
    Cause(
        "config", ErrorKind.STORAGE, "Settings not readable",
        "config.toml has a mistake: {detail}.",
        "Correct it; /settings file opens it.",
        "Edit it through /settings.",
        actions=(Action.DETAILS,),
        command_fix="Correct it, then run this again.",
    ),
    Cause(
        "config_unread", ErrorKind.STORAGE, "Nothing is sent",
        "{detail} Nothing is sent until that is corrected, since a budget or an endpoint may "
        "be set there.",
        "Correct it: /settings file opens it.",
        "Edit it through /settings.",
        actions=(Action.SEND_ANYWAY, Action.DETAILS),
        command_fix="Correct it, then run this again.",
    ),
    Cause(
        "home_unwritable", ErrorKind.STORAGE, "Disk trouble",
        "This could not be written: {detail}, so nothing of this run is kept.",
        "Free space or fix the permissions of the folder, then start groqchat again.",
        "Keep the data folder on a local, writable disk.",
        actions=(Action.RETRY, Action.DETAILS),
        command_fix="Free space or fix the permissions of the folder; `groqchat ask --no-save` "
        "answers without keeping anything.",
    ),
    Cause(
        "uncounted", ErrorKind.STORAGE, "Nothing is sent",
        "You have set a budget, and the cost of this request cannot be recorded in {detail}, so "
        "that it would not count.",
        "Free space or fix the permissions of the folder.",
        "Keep the data folder on a local, writable disk.",
        actions=(Action.DETAILS,),
        command_fix="Free space or fix the folder's permissions; --over-budget sends it anyway.",
    ),
    Cause(
        "keyring_missing", ErrorKind.STORAGE, "No keyring",
        "No system keyring was found: {detail}.",
        "Set GROQ_API_KEY, or install and unlock a keyring (gnome-keyring, KWallet).",
        "On servers, pass the key through the environment from a secret manager.",
        actions=(Action.NEW_KEY, Action.DETAILS),
    ),
    Cause(
        "keyring_locked", ErrorKind.STORAGE, "Keyring locked",
        "The system keyring is locked: {detail}.",
        "Unlock it and retry, or set GROQ_API_KEY.",
        "Unlock the keyring at login.",
        actions=(Action.RETRY, Action.NEW_KEY, Action.DETAILS),
    ),
    Cause(
        "keyring_closed", ErrorKind.STORAGE, "No keyring is open",
        "The system keyring gives no key: {detail}.",
        "Open it and retry, or set GROQ_API_KEY.",
        "Open the keyring at login.",
        actions=(Action.RETRY, Action.NEW_KEY, Action.DETAILS),
    ),
    Cause(
        "keyring_unanswered", ErrorKind.STORAGE, "Keyring was not answered",
        "The system keyring asked you, and its dialog was not answered within {detail}.",
        "Retry and answer it, or set GROQ_API_KEY.",
        "Unlock the keyring at login.",
        actions=(Action.RETRY, Action.NEW_KEY, Action.DETAILS),
    ),
    Cause(
        "key_left_behind", ErrorKind.STORAGE, "The old name is left",
        "The key is stored under its new name, but could not be removed under the old name, "
        "{detail}",
        "Remove the old one with d.",
        "Confirm the keyring's question when a key is renamed.",
        actions=(Action.DETAILS,),
        command_fix="Remove the old one with `groqchat key remove`.",
    ),
    Cause(
        "keyring_silent", ErrorKind.STORAGE, "Keyring does not answer",
        "The system keyring did not answer within {detail}.",
        "Retry, or set GROQ_API_KEY.",
        "On servers, pass the key through the environment from a secret manager.",
        actions=(Action.RETRY, Action.NEW_KEY, Action.DETAILS),
    ),
    Cause(
        "keyring_refused", ErrorKind.STORAGE, "Keyring refused",
        "The system keyring refused: {detail}.",
        "Allow access in the keyring's own dialog, or set GROQ_API_KEY.",
        "Grant the program access once, for always.",
        actions=(Action.RETRY, Action.NEW_KEY, Action.DETAILS),
    ),
    Cause(
        "key_command_failed", ErrorKind.STORAGE, "No key from the command",
        "The command that gives the key (key_command) failed: {detail}.",
        "Run it in a terminal to see why; it must print only the key, and ask nothing.",
        "Sign the password manager in before groqchat is started.",
        actions=(Action.NEW_KEY, Action.DETAILS),
    ),
    Cause(
        "key_command_silent", ErrorKind.STORAGE, "key_command does not end",
        "The command that gives the key (key_command) did not end within {detail}.",
        "Unlock the password manager and retry, or give it longer (key_command_s).",
        "Sign the password manager in before groqchat is started.",
        actions=(Action.NEW_KEY, Action.DETAILS),
    ),
    Cause(
        "extra_missing", ErrorKind.STORAGE, "A package is missing",
        "Requests to {vendor} need a package that is not installed: {detail}.",
        "Install it: {parameter}",
        "Install the packages that the settings need beside groqchat.",
        actions=(Action.DETAILS,),
    ),
)  # fmt: skip
