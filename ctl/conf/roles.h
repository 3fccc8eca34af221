/* SPDX-License-Identifier: GPL-2.0 */
/* The groups "lma" and "mag" of the configuration file. */
#ifndef CTL_CONF_ROLES_H
#define CTL_CONF_ROLES_H

#include "conf/conf.h"
#include "conf/key.h"

void conf_lma_defaults(struct lma_conf *c);
void conf_mag_defaults(struct mag_conf *c);
int conf_set_lma(struct conf_parser *x, config_setting_t *s,
		 const struct conf_key *k, void *to);
void conf_flow_defaults(struct flow_initiator_conf *c);
void conf_flow_free(struct flow_initiator_conf *c);
int conf_set_flow(struct conf_parser *x, config_setting_t *s,
		  const struct conf_key *k, void *to);
int conf_set_att(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		 void *to);
int conf_set_meters(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		    void *to);
int conf_set_mag(struct conf_parser *x, config_setting_t *s,
		 const struct conf_key *k, void *to);

void conf_pair_defaults(struct pair_conf *c);
int conf_set_pair(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		  void *to);
int conf_check_pair(struct conf_parser *x, config_setting_t *root, const struct conf *c);

void conf_handover_defaults(struct mag_conf *c);
int conf_set_handover(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		      void *to);
int conf_check_handover(struct conf_parser *x, config_setting_t *mag, struct mag_conf *c);

void conf_anchors_defaults(struct mag_anchor_conf *c);
int conf_set_anchors(struct conf_parser *x, config_setting_t *s, const struct conf_key *k,
		     void *to);
int conf_check_anchors(struct conf_parser *x, config_setting_t *mag, struct mag_conf *c);

void conf_multicast_defaults(struct mcast_role *c, bool anchor);
int conf_set_lma_multicast(struct conf_parser *x, config_setting_t *s,
			   const struct conf_key *k, void *to);
int conf_set_mag_multicast(struct conf_parser *x, config_setting_t *s,
			   const struct conf_key *k, void *to);

int conf_set_authority(struct conf_parser *x, config_setting_t *s,
		       const struct conf_key *k, void *to);
void conf_authority_free(struct lma_conf *c);

void conf_announce_defaults(struct announce_conf *c);
int conf_set_announce(struct conf_parser *x, config_setting_t *s,
		      const struct conf_key *k, void *to);

int conf_set_limits(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to);

void conf_hold_defaults(struct hold_conf *h);
int conf_set_hold(struct conf_parser *x, config_setting_t *s,
		  const struct conf_key *k, void *to);

void conf_redis_defaults(struct redis_conf *c);
int conf_set_redis(struct conf_parser *x, config_setting_t *s,
		   const struct conf_key *k, void *to);
void conf_radius_defaults(struct radius_conf *c);
int conf_set_radius(struct conf_parser *x, config_setting_t *s,
		    const struct conf_key *k, void *to);

#endif
