/* What the service manager is told (sd_notify(3)): its protocol is a datagram to the socket that it names. */
#ifndef RF_CLI_SERVICE_H
#define RF_CLI_SERVICE_H

/* Sends the state ("READY=1", "STOPPING=1") to $NOTIFY_SOCKET. Does nothing when there is none. Never blocks. */
void rf_service_notify(const char *state);

#endif
