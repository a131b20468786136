/* The parts of `referat plugins`. */
#ifndef RF_CLI_PLUGINS_H
#define RF_CLI_PLUGINS_H

int rf_plugins_list(int argc, char **argv);
int rf_plugins_show(int argc, char **argv);
int rf_plugins_why(int argc, char **argv);
int rf_plugins_try(int argc, char **argv);

#endif
