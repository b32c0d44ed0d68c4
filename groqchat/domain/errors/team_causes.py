"""The causes of the table for the team's database."""

from __future__ import annotations

from groqchat.domain.errors.cause import Action, Cause, ErrorKind, Retry

_SERVER = (Action.DETAILS,)
_REST = "Run `groqchat team status` where the program runs, before it is needed."

TEAM_CAUSES = (
    Cause(
        "team_driver", ErrorKind.STORAGE, "Package missing",
        "The package that speaks to PostgreSQL is not installed.",
        "Install it: {detail}",
        "Install it with groqchat.",
        actions=_SERVER,
    ),
    Cause(
        "team_unset", ErrorKind.STORAGE, "No team",
        "The settings name no team.",
        "Name its database: `groqchat team init postgresql://anna@db.example.org/team`.",
        "Write its address under [team] in the settings.",
        actions=_SERVER,
    ),
    Cause(
        "team_unreachable", ErrorKind.UNREACHABLE, "Team's server not reached",
        "The team's database server cannot be reached: {detail}.",
        "Check `url` under [team] in the settings, the network, and whether the server runs.",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "team_silent", ErrorKind.UNREACHABLE, "Team's server silent",
        "The team's database server did not answer within {detail}.",
        "Check the network, and whether the server runs or is overloaded.",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "team_busy", ErrorKind.RATE_LIMITED, "Team's ledger busy",
        "The team's ledger is busy: no turn came within {detail}. Nothing was sent.",
        "It is tried again {wait}; nothing has to be done.",
        "Let the team's server run near its members, on a machine with free processors.",
        Retry.AS_TOLD,
        (Action.WAIT, Action.SWITCH_MODEL, Action.DETAILS),
        command_fix="Try it again {wait}; --max-wait waits that long.",
    ),
    Cause(
        "team_never_read", ErrorKind.RATE_LIMITED, "Team away, no share known",
        "The team's server is away, and this machine has never read the team's limits, so that its "
        "share of {model}'s is not known. Nothing was sent.",
        "It is tried again {wait}; `groqchat team status` says what is wrong.",
        _REST,
        Retry.AS_TOLD,
        (Action.WAIT, Action.SEND_ANYWAY, Action.DETAILS),
        command_fix="It is tried again {wait} with --max-wait; `groqchat team status` says why.",
    ),
    Cause(
        "team_password", ErrorKind.KEY_REJECTED, "Team's password not accepted",
        "The team's database server does not accept the name and password: {detail}.",
        "Enter the password again: `groqchat team init`.",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "team_tls", ErrorKind.UNREACHABLE, "No secure connection to the team's server",
        "There is no secure connection to the team's database server: {detail}.",
        "Switch TLS on there. For a certificate of your own add ?sslrootcert=FILE to `url`.",
        "Use a certificate that the machine trusts.",
        actions=_SERVER,
    ),
    Cause(
        "team_tls_off", ErrorKind.STORAGE, "TLS is switched off",
        "The team's address says {detail}, which would send its data over the network readable.",
        "Remove that from `url` under [team]; TLS is used by itself, except on this machine.",
        "Use TLS.",
        actions=_SERVER,
    ),
    Cause(
        "team_database", ErrorKind.STORAGE, "No such database",
        "The team's server has no such database: {detail}.",
        "Correct the name at the end of `url` under [team], or create it there with createdb.",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "team_forbidden", ErrorKind.NOT_PERMITTED, "Team's database forbids it",
        "The team's database does not permit this: {detail}.",
        "Ask its owner to do it, to run `groqchat team init`, or for the right to connect.",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "team_empty", ErrorKind.STORAGE, "No team there",
        "The database holds no team yet.",
        "Create it, as somebody who may create schemas there: `groqchat team init`.",
        _REST,
        actions=_SERVER,
    ),
    Cause(
        "team_older", ErrorKind.STORAGE, "Team's database too old",
        "The team's database is older than this groqchat: {detail}.",
        "Ask its owner to run `groqchat team init` with this version; nothing is lost.",
        "Upgrade the database together with groqchat.",
        actions=_SERVER,
    ),
    Cause(
        "team_newer", ErrorKind.STORAGE, "Team's database too new",
        "The team's database is newer than this groqchat: {detail}.",
        "Update groqchat.",
        "Upgrade groqchat together with the database.",
        actions=_SERVER,
    ),
    Cause(
        "team_share", ErrorKind.RATE_LIMITED, "No room in this machine's share",
        "The team's server is away, and this machine's share of {model}'s limits has no room "
        "yet{numbers}. Nothing was sent.",
        "It is tried again {wait}; or switch to a model with room.",
        "Let the team's server run where it is always reached.",
        Retry.AS_TOLD,
        (Action.WAIT, Action.SWITCH_MODEL, Action.SEND_ANYWAY, Action.DETAILS),
        command_fix="It may fit {wait}; --max-wait waits that long. Or choose a --model with room.",
    ),
    Cause(
        "set_under_way", ErrorKind.STORAGE, "The shared run is under way",
        "Others are asking this set together right now, so it was not begun again.",
        "The set as it was begun can be taken part in.",
        "Begin again when all have ended.",
        actions=_SERVER,
        command_fix="Without --again the command takes part.",
    ),
    Cause(
        "set_deleted", ErrorKind.STORAGE, "The shared run was deleted",
        "The shared run of this set was deleted, or this person takes no part in it any more.",
        "The same command begins it again; what was answered here is not asked again.",
        "Delete a shared run when all have ended: `groqchat team runs`.",
        actions=_SERVER,
    ),
    Cause(
        "team_failed", ErrorKind.SERVICE_ERROR, "Team's database failed",
        "The team's database failed: {detail}.",
        "Try it with `groqchat team status`; the server's log may say more.",
        _REST,
        actions=_SERVER,
    ),
)  # fmt: skip
